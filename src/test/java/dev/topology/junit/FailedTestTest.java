package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What a test's report says when something goes wrong, with real guests. */
class FailedTestTest {

  private static final String SINGLE = "classpath:dev/topology/junit/single.yaml";
  private static final String DOOMED = "classpath:dev/topology/junit/doomed.yaml";

  private static final String KILLED =
      "node failed: its QEMU was killed from outside by signal 9 (SIGKILL)";

  @TempDir Path published;

  @BeforeEach
  void needsGuests() {
    TestHost.facts();
  }

  /** Of a name that no other test's guest has: it loses its QEMU. */
  @WithTopology(value = SINGLE, environment = "NAME=unlucky")
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Unlucky {

    @Test
    @Order(1)
    void passes(RunningTopology topology) {
      assertThat(topology.ready()).isCompleted();
    }

    @Test
    @Order(2)
    void isWrong(RunningTopology topology) {
      assertThat(topology.topology().name()).isEqualTo("something else");
    }

    @Test
    @Order(3)
    @Timeout(value = 200, unit = TimeUnit.MILLISECONDS)
    void takesTooLong() throws InterruptedException {
      new CountDownLatch(1).await();
    }

    @Test
    @Order(4)
    void interruptsItself() {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted");
    }

    @Test
    @Order(5)
    void losesItsNode(RunningTopology topology) throws Exception {
      topology.node("node").shell().run("echo last words >/dev/hvc0").expectSuccess();
      topology.node("node").console().expect("last words");
      Kit.qemuOf(topology).destroyForcibly();
      topology.node("node").console().expect("what it never says");
    }

    @Test
    @Order(6)
    void comesAfter() {
      throw new AssertionError("must not be reached");
    }
  }

  @Test
  void aFailingTestPublishesConsoleCommandLineAndOutcomeOfEachNode() throws Exception {
    Kit kit = new Kit(published);
    Path log = published.resolve("isWrong/unlucky/node/console.log");
    Files.createDirectories(log.getParent());
    Files.writeString(log, "of an earlier test run");

    EngineExecutionResults results = kit.run(Unlucky.class);

    assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    assertThat(Kit.failures(results).get(1)).contains("timed out after 200 milliseconds");
    assertThat(Kit.failures(results).subList(3, 5))
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .startsWith("unlucky: " + KILLED)
                    .contains("  the end of its console\n", "    last words"));
    assertThat(kit.publishedFiles())
        .containsExactly(
            "comesAfter/unlucky/node/command-line.sh",
            "comesAfter/unlucky/node/console.log",
            "comesAfter/unlucky/node/outcome.txt",
            "interruptsItself/unlucky/node/command-line.sh",
            "interruptsItself/unlucky/node/console.log",
            "interruptsItself/unlucky/node/outcome.txt",
            "isWrong/unlucky/node/command-line.sh",
            "isWrong/unlucky/node/console.log",
            "isWrong/unlucky/node/outcome.txt",
            "losesItsNode/unlucky/node/command-line.sh",
            "losesItsNode/unlucky/node/console.log",
            "losesItsNode/unlucky/node/outcome.txt",
            "takesTooLong/unlucky/node/command-line.sh",
            "takesTooLong/unlucky/node/console.log",
            "takesTooLong/unlucky/node/outcome.txt");
    assertThat(log).content().isNotEqualTo("of an earlier test run");
    assertThat(text("isWrong/unlucky/node/command-line.sh"))
        .contains("qemu-system-x86_64 ")
        .contains("-machine ");
    assertThat(text("isWrong/unlucky/node/outcome.txt")).startsWith("running, ready after ");
    assertThat(text("comesAfter/unlucky/node/outcome.txt")).startsWith("failed after ");
  }

  private String text(String file) throws Exception {
    return Files.readString(published.resolve(file));
  }

  static class Doomed {

    @Test
    @WithTopology(DOOMED)
    void isNotReached() {
      throw new AssertionError("must not be reached");
    }

    @Test
    @WithTopology(value = DOOMED, awaitReady = false)
    void wantsToSeeItFail(RunningTopology topology) throws Exception {
      assertThat(topology.awaitOutcome())
          .isInstanceOfSatisfying(
              TopologyOutcome.Failed.class,
              failed ->
                  assertThat(failed.report().cause()).isEqualTo(new FailureCause.CommandFailed(7)));
    }

    @Test
    @WithTopology(value = DOOMED, awaitReady = false)
    void failsBecauseOfIt(RunningTopology topology) throws Exception {
      assertThat(topology.awaitOutcome()).isEqualTo(new TopologyOutcome.Done());
    }

    @Test
    @WithTopology(value = SINGLE, readyWithinSeconds = 0)
    void hasNoTime() {}

    static Topology silent() {
      return TopologyBuilder.named("silent")
          .node("mute", node -> node.memory("128MiB").ready(ready -> ready.console("never said")))
          .build();
    }

    @Test
    @WithTopology(method = "silent", readyWithinSeconds = 1)
    void isNeverReady() {
      throw new AssertionError("must not be reached");
    }
  }

  @Test
  void aNodeThatFailsAtTheStartFailsTheTestWithItsStory() {
    Kit kit = new Kit(published);

    EngineExecutionResults results = kit.run(Doomed.class);

    String story = "doomed: doomed failed: ";
    assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    assertThat(results.testEvents().failed().stream())
        .hasSize(4)
        .anySatisfy(
            failed ->
                assertThat(Kit.problem(failed))
                    .isInstanceOf(TopologyFailedException.class)
                    .hasMessage(
                        "\"silent\" was not ready within 1 s:\n  mute: started, not ready yet"))
        .anySatisfy(
            failed ->
                assertThat(Kit.problem(failed))
                    .isInstanceOf(TopologyFailedException.class)
                    .hasMessageContaining(story)
                    .hasMessageContaining("its command ended with exit status 7")
                    .hasMessageContaining("    about to fail"))
        .anySatisfy(
            failed ->
                assertThat(Kit.problem(failed).getSuppressed())
                    .hasAtLeastOneElementOfType(TopologyFailedException.class))
        .anySatisfy(
            failed ->
                assertThat(Kit.problem(failed))
                    .hasMessage("readyWithinSeconds must be at least 1, not 0"));
    assertThat(kit.publishedFiles())
        .contains("isNotReached/doomed/doomed/console.log")
        .noneMatch(file -> file.startsWith("wantsToSeeItFail"));
  }

  @WithTopology(SINGLE)
  static class Interrupted {
    @Test
    void isNotReached() {
      throw new AssertionError("must not be reached");
    }
  }

  @Test
  void anInterruptEndsTheStart() throws Exception {
    FutureTask<EngineExecutionResults> run =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt();
              return new Kit(published).run(Interrupted.class);
            });
    new Thread(run, "interrupted-run").start();
    EngineExecutionResults results = run.get();

    assertThat(results.allEvents().failed().stream())
        .singleElement()
        .satisfies(
            failed -> assertThat(Kit.problem(failed)).isInstanceOf(InterruptedException.class));
    assertThat(results.testEvents().started().count()).isZero();
  }
}
