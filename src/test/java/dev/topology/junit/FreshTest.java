package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Tests each of which has the network as it was when it was first ready. */
class FreshTest {

  private static final String FILE = "classpath:dev/topology/junit/fresh.yaml";

  /** What is there once for each network that was started, and for each test. */
  private static final Set<String> STARTED = ConcurrentHashMap.newKeySet();

  private static final Set<String> RANDOM = ConcurrentHashMap.newKeySet();
  private static final Set<RunningTopology> SEEN = ConcurrentHashMap.newKeySet();

  @TempDir Path published;

  @BeforeEach
  void begin() {
    TestHost.facts();
    STARTED.clear();
    RANDOM.clear();
    SEEN.clear();
  }

  private static void see(RunningTopology topology) throws InterruptedException {
    SEEN.add(topology);
    STARTED.add(run(topology.node("left"), "cat /started"));
    RANDOM.add(run(topology.node("left"), "cat /proc/sys/kernel/random/uuid"));
  }

  private static String run(RunningNode node, String script) throws InterruptedException {
    return node.shell().run(script).expectSuccess().output().strip();
  }

  @WithTopology(value = FILE, fresh = true)
  @Execution(ExecutionMode.CONCURRENT)
  static class OfAClass {

    @NodeNamed("left")
    private RunningNode left;

    @BeforeEach
    void isAsItWas(RunningTopology topology) throws InterruptedException {
      see(topology);
      assertThat(run(left, "ls /tmp; ip -o link show dev eth1"))
          .contains("UP")
          .doesNotContain("my");
    }

    @Test
    void losesItsCable(@CableNamed("left:eth1--other:eth1") RunningCable cable) throws Exception {
      cable.cut();
      assertThat(left.shell().run("ping -c 1 -W 1 other").isSuccess()).isFalse();
    }

    @Test
    void hasItsCable() throws InterruptedException {
      run(left, "ping -c 1 other");
    }

    @Test
    void losesItsInterface() throws InterruptedException {
      run(left, "touch /tmp/my; ip link set eth1 down");
    }

    @RepeatedTest(2)
    void writesAFile() throws InterruptedException {
      run(left, "echo mine >/tmp/my");
    }

    @Nested
    class Inside {

      @Test
      void hasOneAsWell() throws InterruptedException {
        run(left, "ping -c 1 other; echo mine >/tmp/my");
      }
    }
  }

  @Test
  void eachMethodOfAClassHasTheSameNetworkAsItWasAtFirst() throws Exception {
    Kit kit = new Kit(published);
    EngineExecutionResults results =
        kit.run(Map.of("junit.jupiter.execution.parallel.enabled", "true"), OfAClass.class);

    assertThat(Kit.failures(results)).isEmpty();
    assertThat(results.testEvents().succeeded().count()).isEqualTo(6);
    assertThat(SEEN).hasSize(6).allSatisfy(it -> assertThat(it.over()).isCompleted());
    assertThat(STARTED).hasSize(1);
    assertThat(RANDOM).hasSize(6);
    assertThat(savedOnes()).isEmpty();
  }

  private static List<Path> savedOnes() throws Exception {
    String mine = "topology-saved-" + ProcessHandle.current().pid();
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(it -> it.getFileName().toString().startsWith(mine))
          .filter(it -> Files.exists(it.resolve("other.state")))
          .toList();
    }
  }

  static class OfAMethod {

    @WithTopology(value = FILE, fresh = true)
    @Test
    void fails(RunningTopology topology) throws InterruptedException {
      see(topology);
      throw new AssertionError("of its own");
    }

    @WithTopology(value = FILE, fresh = true)
    @Test
    void hasBothNodes(RunningTopology topology) throws InterruptedException {
      see(topology);
      run(topology.node("left"), "ping -c 1 other");
    }
  }

  @Test
  void aFailureOfOneIsReportedAndTheNextHasTheNetworkAgain() {
    Kit kit = new Kit(published);
    EngineExecutionResults results = kit.run(OfAMethod.class);

    assertThat(Kit.failures(results)).containsExactly("of its own");
    assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    assertThat(kit.publishedFiles()).contains("fails/fresh/other/outcome.txt");
    assertThat(STARTED).hasSize(1);
  }

  @WithTopology(value = FILE, fresh = true, awaitReady = false)
  static class Contradicting {
    @Test
    void isNotRun() {}
  }

  @Test
  void doesNotGoWithANetworkThatNeedNotBeReady() {
    assertThat(Kit.failures(new Kit(published).run(Contradicting.class)))
        .singleElement()
        .asString()
        .contains("does not go with awaitReady = false");
  }
}
