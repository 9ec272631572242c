package dev.topology.plan;

import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.model.Node;
import dev.topology.plan.Planner.PlanException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a guest's connections get to the services of the host. Where the guest has our agent, it
 * listens in the guest, and this program connects to the host's side; elsewhere QEMU does both, on
 * the host network, with one connection for all of the guest's.
 *
 * @param relayed those that the agent and this program pass on
 * @param forwarded those that QEMU does
 */
record ServiceRoutes(List<GuestService> relayed, List<GuestService> forwarded) {

  /** {@code sun_path} of unix(7), less the byte that ends it. */
  private static final int LONGEST_PATH = 107;

  /**
   * All services of a node by one way: the agent's, or QEMU's.
   *
   * @throws PlanException where that way leads to no such target
   */
  static ServiceRoutes of(Node node, Boot boot) throws PlanException {
    for (GuestService service : node.services()) {
      checkPath(node, service);
      if (!boot.hasAgent()) {
        checkForwarded(node, service);
      }
    }
    return boot.hasAgent()
        ? new ServiceRoutes(node.services(), List.of())
        : new ServiceRoutes(List.of(), node.services());
  }

  /** For a node that is booted alone, without this program: the services that QEMU can reach. */
  static ServiceRoutes alone(Node node) {
    List<GuestService> reachable =
        node.hostNetwork().isPresent()
            ? node.services().stream().filter(it -> isReachableByQemu(it.target())).toList()
            : List.of();
    return new ServiceRoutes(List.of(), reachable);
  }

  private static void checkPath(Node node, GuestService service) throws PlanException {
    if (service.target() instanceof Target.UnixSocket socket) {
      int bytes = socket.path().toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST_PATH) {
        throw new PlanException(
            ("node \"%s\" has a service at %s, a path of %d bytes, but that of a socket has %d at the"
                    + " most. Put it, or a symbolic link to its directory, where the path is shorter.")
                .formatted(node.name(), service.target(), bytes, LONGEST_PATH));
      }
    }
  }

  private static void checkForwarded(Node node, GuestService service) throws PlanException {
    if (!isReachableByQemu(service.target())) {
      throw new PlanException(
          ("node \"%s\" has a service at %s of the host, but its image has no agent of this version"
                  + " of topology, and QEMU connects services to IPv4 addresses and names only. Give"
                  + " one of them, or use an image that `topology image build` makes.")
              .formatted(node.name(), service.target()));
    }
    if (node.hostNetwork().isEmpty()) {
      throw new PlanException(
          ("node \"%s\" has a service and no host network, but its image has no agent of this"
                  + " version of topology, so that the service can only be reached over the host"
                  + " network. Switch that on, or use an image that `topology image build` makes.")
              .formatted(node.name()));
    }
  }

  /** The form of address that QEMU reads there ends at the first colon. */
  private static boolean isReachableByQemu(Target target) {
    return target instanceof Target.Tcp tcp && !tcp.isV6();
  }
}
