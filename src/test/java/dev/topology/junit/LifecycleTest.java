package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** How long topologies live, and who is handed which, with real guests. */
class LifecycleTest {

  private static final String SINGLE = "classpath:dev/topology/junit/single.yaml";

  private static final String UNKNOWN_NODE = "\"single\" has no node \"nod\"; there is";

  /** Instances that fixtures were handed, by who asked. */
  private static final Map<String, Set<RunningTopology>> SEEN = new ConcurrentHashMap<>();

  @TempDir Path published;

  private static void see(String by, RunningTopology topology) {
    assertThat(topology.ready()).isCompleted();
    assertThat(topology.over()).isNotDone();
    SEEN.computeIfAbsent(by, key -> ConcurrentHashMap.newKeySet()).add(topology);
  }

  private static void leftNothing(RunningTopology topology) {
    assertThat(topology.over()).isCompleted();
    assertThat(topology.plan().runDirectory().getParent()).doesNotExist();
  }

  @BeforeEach
  void needsGuests() {
    TestHost.facts();
  }

  @WithTopology(SINGLE)
  static class OfTheClass {

    @Injected static RunningTopology forAll;

    @Injected private RunningTopology network;

    @HostPortOf(node = "node", port = 80)
    private int port;

    @NodeNamed("node")
    private RunningNode node;

    @NodeNamed("node")
    private static RunningNode nodeForAll;

    @Injected
    @NodeNamed("node")
    private RunningNode injectedAsWell;

    @BeforeAll
    static void beforeAll(RunningTopology topology) {
      assertThat(topology).isSameAs(forAll);
    }

    @BeforeEach
    void beforeEach(RunningTopology topology) {
      assertThat(topology).isSameAs(network).isSameAs(forAll);
    }

    @Test
    void hasPorts(@HostPortOf(node = "node", port = 80) int webPort) {
      assertThat(webPort).isPositive().isEqualTo(port);
    }

    @Test
    void hasNodes(@NodeNamed("node") RunningNode same) {
      assertThat(same)
          .isSameAs(node)
          .isSameAs(nodeForAll)
          .isSameAs(injectedAsWell)
          .isSameAs(network.node("node"));
    }

    @RepeatedTest(2)
    void isRepeated(RunningTopology topology) {
      see("class", topology);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void hasParameters(String parameter, RunningTopology topology) {
      assertThat(parameter).isNotEmpty();
      see("class", topology);
    }

    @Nested
    class Inside {

      @Injected RunningTopology inside;

      @Test
      void isTheSame(RunningTopology topology) {
        assertThat(topology).isSameAs(inside).isSameAs(network);
        see("class", topology);
      }
    }

    @Test
    void unknownNode(@NodeNamed("nod") RunningNode none) {
      assertThat(none).isNull();
    }

    @Test
    void unknownNodeOfAPort(@HostPortOf(node = "nod", port = 80) int none) {
      assertThat(none).isZero();
    }

    @Test
    void unknownCable(@CableNamed("uplink") RunningCable none) {
      assertThat(none).isNull();
    }

    @Test
    void unnamedNode(RunningNode none) {
      assertThat(none).isNull();
    }

    @Test
    void wrongType(@NodeNamed("node") String none) {
      assertThat(none).isNull();
    }

    @Test
    void unknownPort(@HostPortOf(node = "node", port = 80, udp = true) int none) {
      assertThat(none).isZero();
    }
  }

  @Test
  void aClassSharesOneInstanceThatIsGoneAfterIt() {
    EngineExecutionResults results = new Kit(published).run(OfTheClass.class);

    assertThat(Kit.failures(results))
        .hasSize(6)
        .anySatisfy(
            failure ->
                assertThat(failure)
                    .contains("@NodeNamed needs the type RunningNode, and not java.lang.String"))
        .anySatisfy(failure -> assertThat(failure).contains(UNKNOWN_NODE).contains("unknownNode("))
        .anySatisfy(failure -> assertThat(failure).contains(UNKNOWN_NODE).contains("OfAPort("))
        .anySatisfy(failure -> assertThat(failure).contains("\"single\" has no cable \"uplink\""))
        .anySatisfy(failure -> assertThat(failure).contains("needs @NodeNamed to say which"))
        .anySatisfy(
            failure ->
                assertThat(failure)
                    .contains("port 80/udp of node \"node\"; its \"ports\" are 80/tcp"));
    assertThat(results.testEvents().succeeded().count()).isEqualTo(7);
    assertThat(SEEN.get("class")).singleElement().satisfies(LifecycleTest::leftNothing);
  }

  static class OfTheMethod {

    static Topology built() {
      return TopologyBuilder.named("built").node("a", node -> node.memory("128MiB")).build();
    }

    @RepeatedTest(2)
    @WithTopology(method = "dev.topology.junit.LifecycleTest$OfTheMethod#built")
    void isFresh(RunningTopology topology) {
      see("method", topology);
    }
  }

  @Test
  void eachInvocationOfAMethodHasAFreshInstance() {
    EngineExecutionResults results = new Kit(published).run(OfTheMethod.class);

    assertThat(Kit.failures(results)).isEmpty();
    assertThat(SEEN.get("method")).hasSize(2).allSatisfy(LifecycleTest::leftNothing);
    assertThat(new Kit(published).publishedFiles()).isEmpty();
  }

  @WithTopology(value = SINGLE, sharing = WithTopology.Sharing.RUN)
  static class SharesIt {
    @Test
    void sees(RunningTopology topology) {
      see("run", topology);
    }
  }

  static class SharesItToo {
    @Test
    @WithTopology(value = SINGLE, sharing = WithTopology.Sharing.RUN)
    void sees(RunningTopology topology) {
      see("run", topology);
    }
  }

  @WithTopology(value = SINGLE, environment = "NAME=other")
  static class HasItsOwn {

    @Test
    void sees(RunningTopology topology) {
      see("own", topology);
    }
  }

  @Test
  void classesShareAnInstanceOnRequestWhileOthersRunBesideIt() {
    EngineExecutionResults results =
        new Kit(published)
            .run(
                Map.of(
                    "junit.jupiter.execution.parallel.enabled", "true",
                    "junit.jupiter.execution.parallel.mode.classes.default", "concurrent",
                    "junit.jupiter.execution.parallel.config.strategy", "fixed",
                    "junit.jupiter.execution.parallel.config.fixed.parallelism", "3"),
                SharesIt.class,
                SharesItToo.class,
                HasItsOwn.class);

    assertThat(Kit.failures(results)).isEmpty();
    assertThat(SEEN.get("run")).singleElement().satisfies(LifecycleTest::leftNothing);
    assertThat(SEEN.get("own"))
        .singleElement()
        .satisfies(topology -> assertThat(topology.topology().name()).isEqualTo("other"));
  }
}
