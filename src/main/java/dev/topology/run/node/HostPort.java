package dev.topology.run.node;

import dev.topology.model.IpAddress;
import dev.topology.model.PortForward.Protocol;

/**
 * A port of the host that leads into a running guest.
 *
 * @param node the guest's node
 * @param protocol of both ports
 * @param guestPort 1 to 65535
 * @param hostAddress what it is bound to
 * @param hostPort 1 to 65535, chosen by the kernel where the file says {@code auto}
 */
public record HostPort(
    String node, Protocol protocol, int guestPort, IpAddress hostAddress, int hostPort) {

  public boolean leadsTo(int wantedPort, Protocol wantedProtocol) {
    return guestPort == wantedPort && protocol == wantedProtocol;
  }
}
