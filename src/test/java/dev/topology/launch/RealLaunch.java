package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.BuildListener;
import dev.topology.language.load.TopologyLoader;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Topologies that run, with the tests' own images. */
final class RealLaunch {

  private RealLaunch() {}

  /** The topology that a text describes, launched; the caller closes it. */
  static Launch of(String yaml, Path directory) throws Exception {
    return of(yaml, directory, () -> {});
  }

  /** How the topology that a text describes fails, in a line. */
  static String failure(String yaml, Path directory) throws Exception {
    try (Launch launch = of(yaml, directory)) {
      TopologyOutcome outcome = launch.topology().awaitOutcome(Duration.ofMinutes(10));
      assertThat(outcome).isInstanceOf(TopologyOutcome.Failed.class);
      return ((TopologyOutcome.Failed) outcome).report().headline();
    }
  }

  /** What changes a topology that was launched there; new nodes boot. */
  static RunChange change(RunningTopology running, Path directory) {
    return new RunChange(running, user(directory, System.getenv()), /* boots= */ true);
  }

  private static UserDirectories user(Path directory, Map<String, String> environment) {
    return new UserDirectories(environment, directory, TestHost.cache(), directory.resolve("run"));
  }

  /** Something to do between planning and starting. */
  interface BeforeStart {
    void act() throws IOException;
  }

  static Launch of(String yaml, Path directory, BeforeStart beforeStart) throws Exception {
    return of(yaml, directory, System.getenv(), beforeStart);
  }

  /** With other variables of the environment than those of this process. */
  static Launch of(
      String yaml, Path directory, Map<String, String> environment, BeforeStart beforeStart)
      throws Exception {
    TestHost.facts();
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    Launcher launcher = new Launcher(user(directory, environment));
    LaunchPlan plan = launcher.prepare(topology, new BuildListener() {}).plan();
    beforeStart.act();
    return Launch.start(plan, RunListener.SILENT);
  }
}
