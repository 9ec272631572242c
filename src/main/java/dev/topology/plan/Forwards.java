package dev.topology.plan;

import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.model.Protocol;
import dev.topology.model.Readiness.Condition;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The host ports of a node that QEMU listens at, with the one that its readiness needs. */
final class Forwards {

  private Forwards() {}

  /**
   * The node's own, and where it is ready when a TCP port is open to which none of them leads, one
   * more: to see whether it is, one must be able to connect to it. Those at which QEMU cannot
   * listen lead from a port of 127.0.0.1 that the kernel chooses.
   */
  static List<PortForward> of(Node node) {
    Stream<PortForward> own = node.ports().stream().map(PortForward::inQemu);
    if (!(node.readiness().condition().orElse(null) instanceof Condition.OpenPort port)
        || node.ports().stream().anyMatch(forward -> leadsTo(forward, port.guestPort()))) {
      return own.toList();
    }
    PortForward probe =
        new PortForward(Protocol.TCP, port.guestPort(), IpAddress.LOOPBACK, OptionalInt.empty());
    return Stream.concat(own, Stream.of(probe)).toList();
  }

  /** From 127.0.0.1, where the connections are made that tell whether a port is open. */
  private static boolean leadsTo(PortForward forward, int guestPort) {
    return forward.protocol() == Protocol.TCP
        && forward.guestPort() == guestPort
        && forward.inQemu().hostAddress().sharesPortsWith(IpAddress.LOOPBACK);
  }
}
