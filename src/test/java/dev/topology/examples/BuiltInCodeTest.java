package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.WithTopology;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import org.junit.jupiter.api.Test;

/** A topology without a file, fresh for the method that names it. */
class BuiltInCodeTest {

  static Topology pair() {
    return TopologyBuilder.named("pair")
        .defaults(node -> node.memory("128MiB"))
        .node("left", node -> node.dependsOn("right").command("ping -c 1 right"))
        .node("right")
        .cable("left", "right")
        .build();
  }

  @Test
  @WithTopology(method = "pair")
  void leftReachesRight(RunningTopology topology) throws Exception {
    assertThat(topology.awaitOutcome()).isEqualTo(new TopologyOutcome.Done());
  }
}
