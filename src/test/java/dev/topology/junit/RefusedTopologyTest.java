package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What never comes to a start: mistakes are told, and what the host cannot do is skipped. */
class RefusedTopologyTest {

  private static final String NO_QEMU = "TOPOLOGY_QEMU=/nowhere/qemu";

  @TempDir Path published;

  @WithTopology("topologies/nosuch.yaml")
  static class MissingFile {
    @Test
    void runs() {}
  }

  @Test
  void aMissingFileFailsTheClassAndTellsWhereItWasLookedFor() {
    assertThat(failuresOf(MissingFile.class))
        .isEqualTo(
            "there is no topology file \"topologies/nosuch.yaml\": neither "
                + Path.of("topologies/nosuch.yaml").toAbsolutePath()
                + " nor a resource of that name on the class path");
  }

  @WithTopology("classpath:topologies/pair.yaml")
  static class NotAResource {
    @Test
    void runs() {}
  }

  @Test
  void whatIsOnlyOnDiskIsNoResource() {
    assertThat(failuresOf(NotAResource.class))
        .isEqualTo(
            "there is no topology file \"classpath:topologies/pair.yaml\": no resource of that name"
                + " on the class path");
  }

  static class BrokenFile {
    @Test
    @WithTopology("classpath:dev/topology/junit/broken.yaml")
    void runs() {}
  }

  @Test
  void aFileWithMistakesFailsWithItsDiagnostics() {
    assertThat(failuresOf(BrokenFile.class))
        .contains("broken.yaml:3:10: error[unknown-key]: a node has no key \"memroy\"")
        .contains("did you mean \"memory\"?");
  }

  @WithTopology(method = "broken")
  static class BrokenInCode {
    static Topology broken() {
      return TopologyBuilder.named("broken").node("a").cable("a", "b").build();
    }

    @Test
    void runs() {}
  }

  @Test
  void aMistakeInCodeFailsWithTheLineThatMadeIt() {
    assertThat(failuresOf(BrokenInCode.class))
        .contains("RefusedTopologyTest.java:")
        .contains("error[unknown-node]: cable names node \"b\"");
  }

  @WithTopology
  static class Nothing {
    @Test
    void runs() {}
  }

  @WithTopology(method = "nosuch")
  static class NoMethod {
    @Test
    void runs() {}
  }

  @WithTopology(method = "topology")
  static class NotStatic {
    Topology topology() {
      return TopologyBuilder.named("a").node("a").build();
    }

    @Test
    void runs() {}
  }

  @WithTopology(value = "topologies/pair.yaml", environment = "PORT")
  static class NoAssignment {
    @Test
    void runs() {}
  }

  @Test
  void aMisusedAnnotationSaysHowToUseIt() {
    assertThat(failuresOf(Nothing.class))
        .contains("needs either a file (value) or a static method");
    assertThat(failuresOf(NoMethod.class))
        .isEqualTo("there is no method \"nosuch()\" in " + NoMethod.class.getName());
    assertThat(failuresOf(NotStatic.class)).contains("must be static and return a ");
    assertThat(failuresOf(NoAssignment.class))
        .isEqualTo("not of the form NAME=VALUE in environment: \"PORT\"");
  }

  @WithTopology(value = "topologies/pair.yaml", environment = NO_QEMU)
  static class NoQemuForTheClass {
    @Test
    void one() {}

    @Test
    void two() {}
  }

  static class NoQemuForTheMethod {
    @Test
    void needsNone() {}

    @Test
    @WithTopology(value = "topologies/pair.yaml", environment = NO_QEMU)
    void needsOne(RunningTopology topology) {
      assertThat(topology).isNull();
    }
  }

  @Test
  void withoutQemuTestsAreSkippedWithTheReason() {
    EngineExecutionResults byClass = run(NoQemuForTheClass.class);
    assertThat(Kit.skipped(byClass)).singleElement().asString().startsWith(reason());
    assertThat(byClass.testEvents().started().count()).isZero();

    EngineExecutionResults byMethod = run(NoQemuForTheMethod.class);
    assertThat(Kit.skipped(byMethod)).singleElement().asString().startsWith(reason());
    assertThat(byMethod.testEvents().succeeded().count()).isEqualTo(1);
  }

  private static String reason() {
    return "cannot use /nowhere/qemu (from TOPOLOGY_QEMU) as QEMU: no such file\ninstall QEMU";
  }

  @Test
  void withoutQemuTestsFailWhereTheyAreRequired() {
    var required = Map.of("topology.required", "true");
    var kit = new Kit(published);

    EngineExecutionResults results =
        kit.run(required, NoQemuForTheClass.class, NoQemuForTheMethod.class);

    assertThat(Kit.failures(results))
        .hasSize(2)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .startsWith("this host cannot run topologies, and topology.required says")
                    .contains(reason()));
    assertThat(results.allEvents().skipped().count()).isZero();
    assertThat(kit.publishedFiles()).isEmpty();
  }

  @StartsTopologies
  static class StartsWithoutQemu {
    @Test
    void starts(TopologyStarter starter) throws Exception {
      starter.start("topologies/pair.yaml", NO_QEMU);
    }
  }

  @Test
  void aStarterSkipsFromWithinTheTest() {
    EngineExecutionResults results = run(StartsWithoutQemu.class);

    assertThat(results.testEvents().aborted().stream())
        .singleElement()
        .satisfies(aborted -> assertThat(Kit.problem(aborted)).hasMessageContaining(reason()));
  }

  @StartsTopologies
  static class AsksForNothingThatRuns {
    @Test
    void runs(RunningTopology topology) {
      assertThat(topology).isNull();
    }
  }

  @Test
  void aTopologyThatNobodyAskedForCannotBeHandedOver() {
    assertThat(failuresOf(AsksForNothingThatRuns.class))
        .contains("no topology was started here: put @WithTopology on the class or method");
  }

  static class ParameterOfNoTopology {
    @Test
    void runs(@NodeNamed("left") RunningNode left) {
      assertThat(left).isNull();
    }
  }

  static class FieldOfNoTopology {
    @NodeNamed("left")
    RunningNode left;

    @Test
    void runs() {
      assertThat(left).isNull();
    }
  }

  static class StaticFieldOfNoTopology {
    @HostPortOf(node = "left", port = 80)
    static int port;

    @Test
    void runs() {
      assertThat(port).isZero();
    }
  }

  @Test
  void whatAsksForATopologySaysSoEvenIfNobodyBroughtTheExtension() {
    assertThat(
            List.of(
                failuresOf(ParameterOfNoTopology.class),
                failuresOf(FieldOfNoTopology.class),
                failuresOf(StaticFieldOfNoTopology.class)))
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .contains(
                        "no topology was started here: put @WithTopology on the class or method"));
  }

  private EngineExecutionResults run(Class<?> test) {
    return new Kit(published).run(test);
  }

  private String failuresOf(Class<?> test) {
    EngineExecutionResults results = run(test);
    assertThat(Kit.failures(results)).hasSize(1);
    return Kit.failures(results).get(0);
  }
}
