package dev.topology.plan.qemu;

import dev.topology.model.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Network back ends, and the devices in front of them. */
public final class Netdev {

  /** What QEMU takes for an id: id_wellformed in util/id.c. */
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

  private static final String ENCODED = "x-";

  private Netdev() {}

  /**
   * The id of the back end behind a guest's interface: the interface's name, or where QEMU would
   * not take that, its bytes as hexadecimal digits. No two names have the same.
   */
  public static String idOf(String interfaceName) {
    return WELL_FORMED.matcher(interfaceName).matches() && !interfaceName.startsWith(ENCODED)
        ? interfaceName
        : ENCODED + HexFormat.of().formatHex(interfaceName.getBytes(StandardCharsets.UTF_8));
  }

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

  private static QemuOption netdev(Properties properties) {
    return QemuOption.of("-netdev", properties);
  }
}
