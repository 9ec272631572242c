package dev.topology.plan;

import dev.topology.model.GuestService;
import dev.topology.model.Node;

/** Where QEMU can connect to for a guest's services. */
final class ServiceTargets {

  private ServiceTargets() {}

  /** Refuses IPv6 literals: the form of address that QEMU reads there ends at the first colon. */
  static void check(Node node) throws PlanException {
    for (GuestService service : node.services()) {
      if (service.hostAddress().contains(":")) {
        throw new PlanException(
            ("node \"%s\" has a service at [%s]:%d of the host, but QEMU connects services to IPv4"
                    + " addresses and names only. Give one of them.")
                .formatted(node.name(), service.hostAddress(), service.hostPort()));
      }
    }
  }
}
