package dev.topology.plan;

import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.model.Protocol;
import dev.topology.model.Readiness.Condition;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The host ports of a node, with the one that its readiness needs. */
final class Forwards {

  private Forwards() {}

  /**
   * The node's own, and where it is ready when a TCP port is open to which none of them leads, one
   * more: to see whether it is, one must be able to connect to it.
   */
  static List<PortForward> of(Node node) {
    if (!(node.readiness().condition().orElse(null) instanceof Condition.OpenPort port)
        || node.ports().stream().anyMatch(forward -> leadsTo(forward, port.guestPort()))) {
      return node.ports();
    }
    PortForward probe =
        new PortForward(Protocol.TCP, port.guestPort(), IpAddress.LOOPBACK, OptionalInt.empty());
    return Stream.concat(node.ports().stream(), Stream.of(probe)).toList();
  }

  private static boolean leadsTo(PortForward forward, int guestPort) {
    return forward.protocol() == Protocol.TCP && forward.guestPort() == guestPort;
  }
}
