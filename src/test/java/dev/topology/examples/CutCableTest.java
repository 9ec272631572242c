package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.CableNamed;
import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import org.junit.jupiter.api.Test;

/** A node whose only cable is cut. */
@WithTopology(method = "two")
class CutCableTest {

  static Topology two() {
    return TopologyBuilder.named("two").node("left").node("right").cable("left", "right").build();
  }

  @NodeNamed("right")
  RunningNode right;

  @Test
  void rightIsAloneWithoutItsCable(@CableNamed("left:eth1--right:eth1") RunningCable cable)
      throws Exception {
    right.shell().run("ping -c 1 left").expectSuccess();

    cable.cut();

    assertThat(right.shell().run("ping -c 1 -W 1 left").isSuccess()).isFalse();
  }
}
