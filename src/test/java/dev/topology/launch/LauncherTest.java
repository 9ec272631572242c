package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.BuildListener;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.launch.Selection.UnknownNodeException;
import dev.topology.model.Cable;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome;
import dev.topology.source.DiagnosticId;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {

  @TempDir private Path directory;
  private Launcher launcher;

  @BeforeEach
  void setUp() {
    launcher =
        new Launcher(
            new UserDirectories(
                System.getenv(), directory, TestHost.cache(), directory.resolve("run")));
  }

  @Test
  void goesAllTheWayFromAFileToAnOutcomeAndLeavesNothing() throws Exception {
    TestHost.facts();
    Topology topology = load("nodes: {a: {host_network: false, command: echo hello}}");

    LaunchPlan plan = launcher.prepare(topology, new BuildListener() {}).plan();
    TopologyOutcome outcome;
    try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
      outcome = launch.topology().awaitOutcome(Duration.ofMinutes(10));
      assertThat(launch.directory().resolve("a.console")).content().contains("hello");
      launch.discardFiles();
    }

    assertThat(outcome).isEqualTo(new TopologyOutcome.Done());
    assertThat(directory.resolve("run")).isEmptyDirectory();
  }

  @Test
  void knowsTheModulesOfTheImagesKernel() throws Exception {
    TestHost.facts();
    load("nodes: {a: {modules: [br_netfilter, br-netfilter, ext4, fs-overlay, 8021q, tcp_cubic]}}");

    Path file = Files.writeString(directory.resolve("a.yaml"), "nodes: {a: {modules: [bridg]}}");
    assertThat(launcher.load(file).diagnostics())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.id()).isEqualTo(DiagnosticId.UNKNOWN_MODULE);
              assertThat(it.hint()).hasValue("did you mean \"bridge\"?");
            });
  }

  @Test
  void selectsNodesWithTheCablesAmongThem() throws Exception {
    Topology topology =
        load(
            """
            nodes:
              a: {depends_on: [b, c]}
              b: {}
              c: {}
            cables: [[a, b], [b, c], [a, c]]
            """);

    Topology part = Selection.of(topology, List.of("c", "a"));

    assertThat(part.nodes()).extracting(Node::name).containsExactly("a", "c");
    assertThat(part.nodes().get(0).dependsOn()).containsExactly("c");
    assertThat(part.cables()).extracting(Cable::name).containsExactly("a:eth2--c:eth2");
    assertThatThrownBy(() -> Selection.of(topology, List.of("d")))
        .isInstanceOf(UnknownNodeException.class)
        .hasMessageContaining("has no node \"d\"");
  }

  private Topology load(String yaml) throws IOException {
    LoadResult result = launcher.load(Files.writeString(directory.resolve("lab.yaml"), yaml));
    assertThat(result).isInstanceOf(Loaded.class);
    return ((Loaded) result).topology();
  }
}
