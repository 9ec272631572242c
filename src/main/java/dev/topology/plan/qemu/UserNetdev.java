package dev.topology.plan.qemu;

import dev.topology.model.GuestService;
import dev.topology.model.PortForward;
import java.util.List;

/**
 * User-mode networking (SLIRP), which needs no privilege: the guest sits behind a router that QEMU
 * plays. qemu(1), {@code -netdev user}.
 *
 * @param id of the back end
 * @param hostname what DHCP tells the guest
 * @param outside whether the guest reaches more than what forwards and services lead to; without it
 *     the answers of UDP forwards are lost as well (libslirp, {@code udp_input}), and DHCP gives
 *     neither a router nor a name server
 * @param forwards ports of the host that lead to ports of the guest
 * @param services services of the host that the guest can reach
 */
public record UserNetdev(
    String id,
    String hostname,
    boolean outside,
    List<PortForward> forwards,
    List<GuestService> services) {

  private static final String NETWORK = "10.42.0.0/24";

  /** The address that DHCP gives the guest, and that forwards lead to. */
  public static final String GUEST_ADDRESS = "10.42.0.10";

  public UserNetdev {
    forwards = List.copyOf(forwards);
    services = List.copyOf(services);
  }

  Properties properties() {
    Properties properties =
        Properties.of("user")
            .with("id", id)
            // SLIRP's IPv6 is the same for every guest and would give each a second default route.
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

  /** Port 0 lets the kernel choose when QEMU binds it, so that there is no race for a free port. */
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
   * For a guest without our agent: all its connections share one of QEMU's to the host, which QEMU
   * makes when it starts. {@code reconnect} lets it start before the service does, and makes a new
   * connection a second after the service closed the last. The comma belongs to the character
   * device inside the rule.
   */
  private static String rule(GuestService service) {
    return "tcp:" + service.guestEnd() + "-tcp:" + service.target() + ",reconnect=1";
  }
}
