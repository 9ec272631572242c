package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningNode;
import org.junit.jupiter.api.Test;

/** Each test has the network as it was when it was first ready. */
@WithTopology(method = "network", fresh = true)
class FreshNetworkTest {

  static Topology network() {
    return TopologyBuilder.named("fresh").node("left").node("right").cable("left", "right").build();
  }

  @NodeNamed("left")
  RunningNode left;

  @Test
  void losesItsAddress() throws Exception {
    left.shell().run("ip addr flush dev eth1").expectSuccess();

    assertThat(left.shell().run("ping -c 1 -W 1 right").isSuccess()).isFalse();
  }

  @Test
  void hasItsAddress() throws Exception {
    left.shell().run("ping -c 1 right").expectSuccess();
  }
}
