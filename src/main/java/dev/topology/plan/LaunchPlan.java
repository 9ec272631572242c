package dev.topology.plan;

import dev.topology.model.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that bringing a topology up does, decided beforehand.
 *
 * @param topology what it is a plan of
 * @param qemu the binary that every node runs
 * @param runDirectory absolute; where console logs and overlaid initramfs files go
 * @param nodes one for each node of the topology, in its order
 * @param cables one for each cable of the topology, in its order
 */
public record LaunchPlan(
    Topology topology,
    HostFacts.QemuBinary qemu,
    Path runDirectory,
    List<NodePlan> nodes,
    List<CablePlan> cables) {

  public LaunchPlan {
    nodes = List.copyOf(nodes);
    cables = List.copyOf(cables);
  }

  /** Where the pipes are through which QEMUs tell of their cables; in a run directory. */
  public static Path pipes(Path runDirectory) {
    return runDirectory.resolve("pipes");
  }

  /** The plan of the node of that name, if there is one. */
  public Optional<NodePlan> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** Every socketpair to make: those of the nodes, then those of the cables. */
  public List<SocketPlan> sockets() {
    return Stream.concat(
            nodes.stream().flatMap(node -> node.sockets().listed(node.name()).stream()),
            cables.stream().flatMap(cable -> cable.listed().stream()))
        .toList();
  }

  /** Those of which a node's QEMU has an end, in the same order. */
  public List<SocketPlan> socketsOf(NodePlan node) {
    return Stream.concat(
            node.sockets().listed(node.name()).stream(),
            cables.stream()
                .flatMap(cable -> cable.listed().stream())
                .filter(socket -> socket.isOf(node.name())))
        .toList();
  }
}
