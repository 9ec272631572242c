package dev.topology.run;

import dev.topology.plan.SavedRun;
import dev.topology.posix.Reasons;
import dev.topology.run.checkpoint.NetworkFile;
import dev.topology.run.checkpoint.SavedNetwork;
import dev.topology.run.checkpoint.SavedNetwork.SavedNode;
import dev.topology.run.checkpoint.Standstill;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Has a run go on from where another one was saved. Its network stands still as it did then, until
 * this is closed, right before the guests go on.
 */
final class Revival implements AutoCloseable {

  private final Set<String> cut;
  private final Standstill still;

  private Revival(Set<String> cut, Standstill still) {
    this.cut = cut;
    this.still = still;
  }

  /**
   * Begins it, before any QEMU is spawned.
   *
   * @throws LaunchException if it was another topology, or what was saved is damaged
   */
  static Revival begin(SavedRun run, List<NodeRun> nodes, Cabling cabling) {
    try {
      SavedNetwork network = NetworkFile.read(run.network());
      for (NodeRun node : nodes) {
        SavedNode its = network.nodes().get(node.name());
        if (its == null) {
          throw new IOException("there was no node \"" + node.name() + "\"");
        }
        node.ports().restore(its.unplugged(), its.lastId());
      }
      return new Revival(
          network.cut(), Standstill.as(network, cabling.hosts(), cabling.switches()));
    } catch (IOException e) {
      throw new LaunchException(
          "cannot go on from " + run.directory() + ": " + Reasons.of(e),
          "make another checkpoint",
          e);
    }
  }

  /** The names of the cables that were cut. */
  Set<String> cut() {
    return cut;
  }

  /** Lets the network go on. */
  @Override
  public void close() {
    still.close();
  }
}
