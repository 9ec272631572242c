package dev.topology.plan;

import dev.topology.model.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that bringing a topology up does, decided beforehand.
 *
 * @param topology what it is a plan of
 * @param qemu the binary that every node runs
 * @param runDirectory absolute; where console logs and overlaid initramfs files go
 * @param sockets every socketpair to make, cables last
 * @param nodes one for each node of the topology, in its order
 */
public record LaunchPlan(
    Topology topology,
    HostFacts.QemuBinary qemu,
    Path runDirectory,
    List<SocketPlan> sockets,
    List<NodePlan> nodes) {

  public LaunchPlan {
    sockets = List.copyOf(sockets);
    nodes = List.copyOf(nodes);
  }

  /** Where the pipes are through which QEMUs tell of their cables; in a run directory. */
  public static Path pipes(Path runDirectory) {
    return runDirectory.resolve("pipes");
  }

  /** The plan of the node of that name, if there is one. */
  public Optional<NodePlan> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }
}
