package dev.topology.run;

import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeProgress;
import java.util.Optional;

/**
 * Why a run is ending.
 *
 * @param failed the node whose failure it was, if it was that
 * @param outcome what to say of it; where a node failed that is known when all has been read
 */
record Ending(Optional<NodeProgress> failed, Optional<TopologyOutcome> outcome) {

  static Ending with(TopologyOutcome outcome) {
    return new Ending(Optional.empty(), Optional.of(outcome));
  }

  /** The failure, if it was one: {@code left failed: …}. */
  Optional<String> failure() {
    return failed.flatMap(
        node ->
            node.outcome()
                .map(NodeOutcome.Failed.class::cast)
                .map(how -> node.name() + " failed: " + how.cause().describe()));
  }
}
