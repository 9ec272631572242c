package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What becomes of a test whose node fails while it runs, with real guests. */
class FailingWhileItRunsTest {

  private static final String SINGLE = "classpath:dev/topology/junit/single.yaml";

  private static final String NAME = "NAME=luckless";

  private static final String KILLED =
      "luckless: node failed: its QEMU was killed from outside by signal 9 (SIGKILL)";

  @TempDir Path published;

  @BeforeEach
  void needsGuests() {
    TestHost.facts();
  }

  private static void killQemuOf(RunningTopology topology) {
    assertThat(Kit.qemuOf(topology).destroyForcibly()).isTrue();
  }

  private static void waitForEver() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  static class LosesItsNode {

    @Test
    @WithTopology(value = SINGLE, environment = NAME)
    void waitsForEver(RunningTopology topology) throws Exception {
      killQemuOf(topology);
      waitForEver();
    }

    @Test
    @WithTopology(value = SINGLE, environment = NAME)
    void comesToAGoodEnd(RunningTopology topology) throws Exception {
      killQemuOf(topology);
      try {
        waitForEver();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Test
    @WithTopology(value = SINGLE, environment = NAME)
    void isWrongBecauseOfIt(RunningTopology topology) {
      killQemuOf(topology);
      assertThat(topology.over().join()).isEqualTo(new TopologyOutcome.Done());
    }

    @AfterEach
    void isNotInterrupted() {
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void aNodeThatFailsEndsTheTestAndFailsIt() {
    Kit kit = new Kit(published);

    EngineExecutionResults results = kit.run(LosesItsNode.class);

    assertThat(results.testEvents().failed().stream().map(Kit::problem))
        .hasSize(3)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(TopologyFailedException.class)
                    .hasMessageStartingWith(KILLED))
        .anySatisfy(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .isInstanceOf(InterruptedException.class))
        .anySatisfy(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .isInstanceOf(AssertionError.class))
        .anySatisfy(failure -> assertThat(failure.getSuppressed()).isEmpty());
    assertThat(kit.publishedFiles()).contains("waitsForEver/luckless/node/console.log");
  }

  @WithTopology(value = SINGLE, environment = NAME)
  static class LosesItsNodeAfterwards {

    @Test
    void isOverBefore() {}

    @AfterEach
    void afterwards(RunningTopology topology) {
      killQemuOf(topology);
      assertThat(topology.over().join()).isInstanceOf(TopologyOutcome.Failed.class);
    }
  }

  @Test
  void aNodeThatFailsAfterTheTestsOwnCodeFailsItToo() {
    Kit kit = new Kit(published);

    assertThat(Kit.failures(kit.run(LosesItsNodeAfterwards.class)))
        .singleElement()
        .asString()
        .startsWith(KILLED);
    assertThat(kit.publishedFiles()).contains("isOverBefore/luckless/node/console.log");
  }

  @StartsTopologies
  static class StartsItself {

    @Test
    void waitsForEver(TopologyStarter starter) throws Exception {
      killQemuOf(starter.start(SINGLE, NAME));
      waitForEver();
    }

    @Test
    void wantsToSeeItFail(TopologyStarter starter) throws Exception {
      RunningTopology topology = starter.launch(SINGLE, NAME);
      topology.awaitReady();
      killQemuOf(topology);
      assertThat(topology.awaitOutcome()).isInstanceOf(TopologyOutcome.Failed.class);
    }
  }

  @Test
  void whatATestStartedAndAwaitedHasToStayWell() {
    EngineExecutionResults results = new Kit(published).run(StartsItself.class);

    assertThat(Kit.failures(results)).singleElement().asString().startsWith(KILLED);
    assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
  }
}
