package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.RunException.NodeEndedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever waits for a node that ends hears of it at once, and why. */
class NodeEndTest {

  @TempDir Path directory;

  @Test
  void everyWaitEndsWithTheNodeAndSaysHowItEnded() throws Exception {
    var topology = TestNode.topology("hit", node("victim").hasChannels("never"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      RunningNode victim = run.running().node("victim");
      run.running().awaitReady();
      victim.shell().run("echo famous last words >/dev/hvc0").expectSuccess();
      List<Callable<?>> calls =
          List.of(
              () -> victim.console().expect("never printed"),
              () -> victim.shell().run("sleep 1000"),
              () -> victim.channel("never").read(ByteBuffer.allocate(1)));
      List<FutureTask<?>> waits = waitFor(calls);
      run.qemus().forEach(ProcessHandle::destroyForcibly);
      for (FutureTask<?> wait : waits) {
        assertThat(
                catchThrowableOfType(
                    ExecutionException.class, () -> wait.get(10, TimeUnit.MINUTES)))
            .hasCauseInstanceOf(NodeEndedException.class)
            .hasMessageContaining("its QEMU was killed from outside by signal 9 (SIGKILL)")
            .hasMessageContaining("famous last words");
      }
      for (Callable<?> call : calls) {
        assertThatExceptionOfType(NodeEndedException.class).isThrownBy(call::call);
      }
      assertThatExceptionOfType(NodeEndedException.class)
          .isThrownBy(() -> victim.console().sendLine("anybody there?"));
      assertThat(victim.awaitEnd(Duration.ZERO))
          .isEqualTo(new NodeOutcome.Failed(new FailureCause.QemuKilled(9, "SIGKILL")));
    }
  }

  private static List<FutureTask<?>> waitFor(List<Callable<?>> calls) {
    List<FutureTask<?>> waits = new ArrayList<>();
    for (Callable<?> call : calls) {
      FutureTask<?> wait = new FutureTask<>(call::call);
      Thread waiter = new Thread(wait, "waiter");
      waiter.start();
      await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
      waits.add(wait);
    }
    return waits;
  }

  @Test
  void whoWaitsForReadinessHearsOfTheOtherNodeThatFailed() throws Exception {
    var topology =
        TestNode.topology("broken", node("bad").runs("exit 7"), node("good").after("bad"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      RunningNode good = run.running().node("good");
      assertThatExceptionOfType(RunEndedException.class)
          .isThrownBy(run.running()::awaitReady)
          .withMessageStartingWith("bad failed: its command ended with exit status 7 after ")
          .withMessageContaining("\n  its command line\n    ")
          .withMessageContaining("-name guest=broken.bad ");
      assertThatExceptionOfType(NodeEndedException.class)
          .isThrownBy(() -> good.console().expect("never printed"))
          .withMessageContaining(
              "it was stopped, for bad failed: its command ended with exit status 7");
      assertThat(run.running().outcome()).containsInstanceOf(TopologyOutcome.Failed.class);
    }
  }

  @Test
  void aRunWithoutItsReaperIsEnded() throws Exception {
    var topology = TestNode.topology("unguarded", node("lonely"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().hostPorts().get(10, TimeUnit.MINUTES);
      long group = processGroup(run.qemus().get(0));
      ProcessHandle.of(group).orElseThrow().destroyForcibly();
      assertThat(run.outcome()).isInstanceOf(TopologyOutcome.Unguarded.class);
      assertThat(run.qemus()).isEmpty();
    }
  }

  /** The fifth field of proc_pid_stat(5); the second is in parentheses. */
  private static long processGroup(ProcessHandle process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    try (Scanner fields = new Scanner(stat.substring(stat.lastIndexOf(')') + 1))) {
      fields.next();
      fields.nextLong();
      return fields.nextLong();
    }
  }
}
