package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.topology.image.ImageRecipe;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.run.exec.Execution;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Commands in a guest that has a guest agent and nothing that serves {@code topology.shell}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GuestAgentTest {

  /** After all that have no order of their own. */
  private static final int LATE = Order.DEFAULT + 1;

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int MEGABYTE = 1 << 20;

  /** In the place of the built-in image's server. The agent is started anew when it has ended. */
  private static final String AGENT =
      """
      #!/bin/sh
      port=/dev/virtio-ports/org.qemu.guest_agent.0
      while :; do /usr/sbin/qemu-ga -m virtio-serial -p $port -t /run; done
      """;

  /** Succeeds while something sleeps. The image has no pgrep. */
  private static final String SLEEPS =
      "for it in /proc/[0-9]*/comm; do read -r name <$it; [ $name != sleep ] || exit 0; done; exit 1";

  @TempDir static Path directory;

  private static RecordedRun run;
  private static RunningNode guest;

  @BeforeAll
  static void start() throws Exception {
    Path agent = Files.writeString(directory.resolve("agent"), AGENT);
    agent.toFile().setExecutable(true);
    Topology topology =
        TestNode.topology(
            "agents",
            node("guest").hasMebibytes(256).lays("/etc/topology/agent", agent.toAbsolutePath()));
    var recipe = new ImageRecipe("agent", List.of("qemu-guest-agent"));
    LaunchPlan plan =
        Planner.plan(topology, TestHost.facts(recipe), new PlanOptions(directory.toAbsolutePath()));
    run = RecordedRun.of(plan);
    guest = run.running().node("guest");
  }

  @AfterAll
  static void stop() {
    if (run != null) {
      run.close();
    }
  }

  /** With nothing to read. */
  private static Execution exec(String... argv) throws Exception {
    Execution execution = guest.exec(List.of(argv));
    execution.input().close();
    return execution;
  }

  @Test
  void bothOutputsAndTheStatusComeApart() throws Exception {
    try (Execution shell = exec("sh", "-c", "echo out; echo \"err $PWD\" >&2; exit 7")) {
      assertThat(shell.isStreamed()).isFalse();
      assertThat(new String(shell.output().readAllBytes(), UTF_8)).isEqualTo("out\n");
      assertThat(new String(shell.errors().readAllBytes(), UTF_8)).isEqualTo("err /\n");
      assertThat(shell.awaitEnd(LIMIT)).isEqualTo(7);
      assertThat(shell.output().read()).isEqualTo(-1);
      assertThatIOException().isThrownBy(() -> shell.input().write(1));
    }
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    String odd = "  it's \"$HOME\" \\ and\na line, größer\n";
    try (Execution printf = exec("printf", "%s|", odd, "", "*")) {
      assertThat(new String(printf.output().readAllBytes(), UTF_8)).isEqualTo(odd + "||*|");
    }
  }

  @Test
  void whatIsNotThereAndWhatIsKilledIsToldAsAShellTellsIt() throws Exception {
    try (Execution missing = exec("no-such-command");
        Execution killed = exec("sh", "-c", "kill -TERM $$")) {
      assertThat(missing.awaitEnd(LIMIT)).isEqualTo(127);
      assertThat(new String(missing.errors().readAllBytes(), UTF_8)).contains("not found");
      assertThat(killed.awaitEnd(LIMIT)).isEqualTo(128 + 15);
    }
  }

  @Test
  void bytesOfAnyKindGoInAndOut() throws Exception {
    byte[] bytes = new byte[MEGABYTE];
    new Random(12).nextBytes(bytes);
    try (Execution cat = guest.exec(List.of("cat"))) {
      cat.input().write(bytes);
      cat.input().close();
      assertThat(cat.output().readAllBytes()).isEqualTo(bytes);
      assertThat(cat.awaitEnd(LIMIT)).isZero();
    }
  }

  @Test
  void whatWouldBeLostIsNotLostInSilence() throws Exception {
    try (Execution cat = guest.exec(List.of("cat"))) {
      byte[] tooMuch = new byte[Execution.MOST_INPUT_BYTES + 1];
      assertThatIOException().isThrownBy(() -> cat.input().write(tooMuch));
      cat.input().close();
      assertThatExceptionOfType(GuestAgentException.class)
          .isThrownBy(() -> cat.awaitEnd(LIMIT))
          .withMessageContaining("takes no more than 8388608 bytes");
    }
    try (Execution zeros = exec("head", "-c", "17000000", "/dev/zero")) {
      assertThat(zeros.output().readNBytes(16 * MEGABYTE)).hasSize(16 * MEGABYTE);
      assertThatExceptionOfType(GuestAgentException.class)
          .isThrownBy(() -> zeros.output().readAllBytes())
          .withMessageContaining("dropped the rest");
    }
  }

  @Test
  void severalRunAtOnce() throws Exception {
    List<Execution> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Execution cat = guest.exec(List.of("sh", "-c", "cat; echo end"));
      cat.input().write(("number " + i + " ").getBytes(UTF_8));
      cat.input().close();
      all.add(cat);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(new String(all.get(i).output().readAllBytes(), UTF_8))
          .isEqualTo("number " + i + " end\n");
      all.get(i).close();
    }
  }

  @Test
  void aCommandThatIsClosedIsKilledWithWhatItStarted() throws Exception {
    Execution sleep = exec("sh", "-c", "touch /tmp/begun; sleep 1000 & sleep 1000");
    await().atMost(LIMIT).until(() -> statusOf("test", "-e", "/tmp/begun") == 0);
    assertThat(statusOf("sh", "-c", SLEEPS)).isZero();
    sleep.close();
    await().atMost(LIMIT).until(() -> statusOf("sh", "-c", SLEEPS) == 1);
    assertThatIOException().isThrownBy(() -> sleep.output().read());
  }

  private static int statusOf(String... argv) throws Exception {
    try (Execution execution = exec(argv)) {
      return execution.awaitEnd(LIMIT);
    }
  }

  /** Of its successor, what it ran is not to be had. */
  @Test
  @Order(LATE)
  void anAgentMayBeReplaced() throws Exception {
    try (Execution orphan = exec("sh", "-c", "kill $PPID; sleep 1000")) {
      assertThatExceptionOfType(GuestAgentException.class)
          .isThrownBy(() -> orphan.awaitEnd(LIMIT))
          .withMessageContaining("the guest agent of guest does not run the command: ");
    }
    assertThat(statusOf("true")).isZero();
  }

  @Test
  @Order(LATE + 1)
  void whoWaitsForACommandHearsOfTheEndOfItsNode() throws Exception {
    Execution sleep = exec("sleep", "1000");
    FutureTask<Integer> reading = new FutureTask<>(() -> sleep.output().read());
    new Thread(reading, "reads").start();
    guest.kill();
    assertThat(causeOf(reading)).isInstanceOf(NodeEndedException.class);
    assertThat(sleep.status())
        .failsWithin(LIMIT)
        .withThrowableThat()
        .withCauseInstanceOf(NodeEndedException.class);
    sleep.close();
  }

  private static Throwable causeOf(FutureTask<?> task) throws InterruptedException {
    try {
      task.get();
      return new AssertionError("nothing was thrown");
    } catch (java.util.concurrent.ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
