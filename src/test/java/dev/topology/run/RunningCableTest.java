package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.topology.run.exec.CommandResult;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults made on purpose, and seen by real guests: one boot of two. */
class RunningCableTest {

  @TempDir Path directory;

  @Test
  void aCableCanBeCutAndJoinedAndANodeLost() throws Exception {
    var topology = TestNode.pair("cut", node("near"), node("far"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      RunningNode near = run.running().node("near");
      RunningNode far = run.running().node("far");
      RunningCable cable = run.running().cable("near:eth1--far:eth1");
      assertThatExceptionOfType(OutOfTimeException.class)
          .isThrownBy(() -> near.shell().run("true", Duration.ofMillis(50)))
          .withMessageContaining("served the port topology.shell");
      run.running().awaitReady();

      ping(near).expectSuccess();
      cable.cut();
      assertThat(cable.isCut()).isTrue();
      assertThat(ping(near).isSuccess()).isFalse();
      awaitCarrier(near, "0");
      awaitCarrier(far, "0");

      cable.join();
      assertThat(cable.isCut()).isFalse();
      awaitCarrier(near, "1");
      await().atMost(Duration.ofMinutes(10)).until(() -> ping(near).isSuccess());

      far.kill();
      assertThat(far.awaitEnd(Duration.ofMinutes(10))).isEqualTo(new NodeOutcome.Stopped());
      assertThat(ping(near).isSuccess()).isFalse();
      assertThatExceptionOfType(NodeEndedException.class).isThrownBy(cable::cut);
      assertThat(run.running().outcome()).isEmpty();
    }
  }

  private static CommandResult ping(RunningNode node) throws InterruptedException {
    return node.shell().run("ping -c 1 -W 1 far");
  }

  private static void awaitCarrier(RunningNode node, String carrier) {
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> node.shell().run("cat /sys/class/net/eth1/carrier").output().equals(carrier));
  }
}
