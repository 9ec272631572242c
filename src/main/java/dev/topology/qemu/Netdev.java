package dev.topology.qemu;

import dev.topology.model.MacAddress;
import java.nio.file.Path;

/** Network back ends, the devices in front of them, and what listens in between. */
public final class Netdev {

  private Netdev() {}

  /**
   * One end of a socketpair that QEMU inherits, one Ethernet frame a datagram: {@code -netdev
   * socket,id=eth1,fd=8}.
   */
  public static QemuOption socket(String id, int descriptor) {
    return netdev(Properties.of("socket").with("id", id).with("fd", descriptor));
  }

  /** A port of a hub inside QEMU, which leads nowhere while it is the hub's only one. */
  public static QemuOption hubport(String id, int hub) {
    return netdev(Properties.of("hubport").with("id", id).with("hubid", hub));
  }

  /** User-mode networking. */
  public static QemuOption user(UserNetdev user) {
    return netdev(user.properties());
  }

  /** The network card that the guest sees in front of a back end. */
  public static QemuOption card(String netdev, MacAddress mac) {
    return Device.of(
        Properties.of("virtio-net-device").with("netdev", netdev).with("mac", mac.text()));
  }

  /** Records every frame that passes a back end, in both directions, as pcap. */
  public static QemuOption capture(String netdev, Path file) {
    return QemuOption.of(
        "-object",
        Properties.of("filter-dump")
            .with("id", "capture-" + netdev)
            .with("netdev", netdev)
            .with("file", file.toString()));
  }

  private static QemuOption netdev(Properties properties) {
    return QemuOption.of("-netdev", properties);
  }
}
