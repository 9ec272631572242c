package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.CableNamed;
import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.exec.Shell;
import org.junit.jupiter.api.Test;

/** Two cables lead to the server; when one is cut, traffic takes the other. */
class FailoverTest {

  private static final String SERVICE = "10.9.9.9";
  private static final String ONE_PING = "ping -c 1 -W 2 " + SERVICE;

  /** A guest notices a cut cable a moment later; a command may take a minute. */
  private static final String PING_UNTIL_ANSWERED = "until " + ONE_PING + "; do :; done";

  static Topology twoWays() {
    return TopologyBuilder.named("two-ways")
        .defaults(node -> node.memory("128MiB").hostNetwork(false))
        .node("client")
        .node("server")
        .cable(
            "first",
            cable ->
                cable.end("client", "eth1", "10.0.1.1/24").end("server", "eth1", "10.0.1.2/24"))
        .cable(
            "second",
            cable ->
                cable.end("client", "eth2", "10.0.2.1/24").end("server", "eth2", "10.0.2.2/24"))
        .build();
  }

  @Test
  @WithTopology(method = "twoWays")
  void trafficTakesTheOtherWayWhenACableIsCut(
      @NodeNamed("client") RunningNode client,
      @NodeNamed("server") RunningNode server,
      @CableNamed("first") RunningCable first,
      @CableNamed("second") RunningCable second)
      throws Exception {
    server.shell().run("ip addr add " + SERVICE + "/32 dev lo").expectSuccess();
    Shell shell = client.shell();
    shell
        .run(
            """
            set -e
            echo 1 > /proc/sys/net/ipv4/conf/all/ignore_routes_with_linkdown
            ip route add SERVICE via 10.0.1.2 metric 1
            ip route add SERVICE via 10.0.2.2 metric 2
            """
                .replace("SERVICE", SERVICE))
        .expectSuccess();
    shell.run(ONE_PING).expectSuccess();

    first.cut();
    shell.run(PING_UNTIL_ANSWERED).expectSuccess();

    second.cut();
    assertThat(shell.run(ONE_PING).isSuccess()).isFalse();

    first.join();
    shell.run(PING_UNTIL_ANSWERED).expectSuccess();
  }
}
