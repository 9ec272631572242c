package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.junit.CableNamed;
import dev.topology.junit.GuestImage;
import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Three routers run OSPF; when a cable is cut, traffic goes by way of the third. */
class RoutingTest {

  private static final String SOUTH = "10.255.0.2";
  private static final String WEST = "10.64.0.4";

  @Test
  @WithTopology(
      value = "topologies/ospf.yaml",
      images = @GuestImage(name = "router", packages = "bird2"))
  void trafficTakesTheOtherWayWhileTheCableIsCut(
      @NodeNamed("north") RunningNode north, @CableNamed("north-south") RunningCable cable)
      throws Exception {
    assertThat(wayTo(SOUTH, north)).isEqualTo(SOUTH);

    cable.cut();
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> wayTo(SOUTH, north).equals(WEST + " " + SOUTH));

    cable.join();
    await().atMost(Duration.ofMinutes(10)).until(() -> wayTo(SOUTH, north).equals(SOUTH));
  }

  /** Who answered on the way, in order. */
  private static String wayTo(String address, RunningNode node) throws InterruptedException {
    String hops = "traceroute -n -q 1 -w 1 -m 4 %s 2>&1 | awk '/ms$/ {print $2}'";
    return node.shell().run(hops.formatted(address)).output().strip().replace("\n", " ");
  }
}
