package dev.topology.plan.qemu;

import dev.topology.model.GuestService;
import dev.topology.model.MacAddress;
import dev.topology.model.Pc;
import dev.topology.model.PortForward;
import dev.topology.plan.qemu.Machine.Bus;
import dev.topology.plan.qemu.Machine.Device;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
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

  /** User-mode networking: {@code -netdev user,id=eth0,…}. */
  public static QemuOption user(User user) {
    return netdev(user.properties());
  }

  /**
   * The network card that the guest sees in front of a back end, with the longest packet that it
   * takes. The guest's driver reads it (VIRTIO_NET_F_MTU, virtio 1.2, 5.1.3), and its interface
   * begins with it.
   *
   * <p>It never asks the guest to announce itself after it was loaded ({@code guest_announce}),
   * which would be frames that nobody sent: told so by {@code announce-rounds=0} alone, QEMU 7.2
   * crashes when the guest resets the card, as it does at its end.
   */
  public static QemuOption card(String netdev, MacAddress mac, OptionalInt mtu) {
    Properties card =
        Bus.MMIO
            .virtio("net")
            .with("netdev", netdev)
            .with("mac", mac.text())
            .with("guest_announce", false);
    return Device.of(mtu.isPresent() ? card.with("host_mtu", mtu.getAsInt()) : card);
  }

  /** A card of another kind, which boots nothing from the network: it has no program for that. */
  public static QemuOption card(Pc.Card kind, String netdev, MacAddress mac, OptionalInt mtu) {
    Properties card =
        kind == Pc.Card.VIRTIO ? Bus.PCI.virtio("net") : Properties.of(kind.toString());
    card = card.with("netdev", netdev).with("mac", mac.text()).with("romfile", "");
    return Device.of(
        kind == Pc.Card.VIRTIO && mtu.isPresent() ? card.with("host_mtu", mtu.getAsInt()) : card);
  }

  private static QemuOption netdev(Properties properties) {
    return QemuOption.of("-netdev", properties);
  }

  /**
   * User-mode networking (SLIRP), which needs no privilege: QEMU acts as the guest's router.
   * qemu(1), {@code -netdev user}.
   *
   * @param id of the back end
   * @param hostname what DHCP tells the guest
   * @param outside whether the guest reaches more than what forwards and services lead to; without
   *     it the answers of UDP forwards are lost as well (libslirp, {@code udp_input}), and DHCP
   *     gives neither a router nor a name server
   * @param forwards ports of the host that lead to ports of the guest
   * @param services services of the host that the guest can reach
   */
  public record User(
      String id,
      String hostname,
      boolean outside,
      List<PortForward> forwards,
      List<GuestService> services) {

    private static final String NETWORK = "10.42.0.0/24";

    /** The address that DHCP gives the guest, and that forwards lead to. */
    public static final String GUEST_ADDRESS = "10.42.0.10";

    public User {
      forwards = List.copyOf(forwards);
      services = List.copyOf(services);
    }

    private Properties properties() {
      Properties properties =
          Properties.of("user")
              .with("id", id)
              // SLIRP's IPv6 is the same for every guest and would give each a second default
              // route.
              .with("ipv6", false)
              .with("restrict", !outside)
              .with("net", NETWORK)
              .with("dhcpstart", GUEST_ADDRESS)
              .with("hostname", hostname);
      for (PortForward forward : forwards) {
        properties = properties.with("hostfwd", rule(forward));
      }
      for (GuestService service : services) {
        properties = properties.with("guestfwd", rule(service));
      }
      return properties;
    }

    /**
     * Port 0 lets the kernel choose when QEMU binds it, so that there is no race for a free port.
     */
    private static String rule(PortForward forward) {
      return forward.protocol()
          + ":"
          + forward.hostAddress()
          + ":"
          + forward.hostPort().orElse(0)
          + "-:"
          + forward.guestPort();
    }

    /**
     * For a guest without our agent: all its connections share one of QEMU's to the host, which
     * QEMU makes when it starts. {@code reconnect} lets it start before the service does, and makes
     * a new connection a second after the service closed the last. The comma belongs to the
     * character device inside the rule.
     */
    private static String rule(GuestService service) {
      return "tcp:" + service.guestEnd() + "-tcp:" + service.target() + ",reconnect=1";
    }
  }
}
