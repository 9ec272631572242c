package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.CableNamed;
import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.model.Topology;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.cable.Capture;
import dev.topology.run.exec.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cable becomes slow, then bad, while it is looked at. */
class SlowCableTest {

  static Topology satellite() {
    return TopologyBuilder.named("satellite")
        .defaults(node -> node.memory("128MiB").hostNetwork(false))
        .node("ship")
        .node("shore")
        .cable("sky", cable -> cable.end("ship").end("shore").delay(Duration.ofMillis(250)))
        .build();
  }

  @Test
  @WithTopology(method = "satellite")
  void givesUpOnlyWhenNothingComesThrough(
      @NodeNamed("ship") RunningNode ship,
      @CableNamed("sky") RunningCable sky,
      @TempDir Path directory)
      throws Exception {
    Shell shell = ship.shell();
    // Twice 250 milliseconds, and as much again to find out where the other one is.
    assertThat(shell.run("ping -c 1 shore").expectSuccess().output())
        .containsPattern("time=([5-9]..|1...)\\.");

    Path file = directory.resolve("sky.pcap");
    try (Capture capture = sky.capture(file)) {
      sky.shape(Shaping.NONE.withLoss(Share.ofPercent(100)));
      assertThat(shell.run("ping -c 2 -W 1 shore").isSuccess()).isFalse();
      assertThat(capture.failure()).isEmpty();
    }
    assertThat(sky.counters().orElseThrow().leftToRight().lost()).isGreaterThanOrEqualTo(2);
    assertThat(Files.size(file)).isGreaterThan(2 * 98);

    sky.shape(Shaping.NONE);
    shell.run("ping -c 1 shore").expectSuccess();
  }
}
