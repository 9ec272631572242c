package dev.topology.launch;

import dev.topology.image.BuildListener;
import dev.topology.language.load.TopologyLoader;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Topologies that run, with the tests' own images. */
final class RealLaunch {

  private RealLaunch() {}

  /** The topology that a text describes, launched; the caller closes it. */
  static Launch of(String yaml, Path directory) throws Exception {
    return of(yaml, directory, () -> {});
  }

  /** Something to do between planning and starting. */
  interface BeforeStart {
    void act() throws IOException;
  }

  static Launch of(String yaml, Path directory, BeforeStart beforeStart) throws Exception {
    TestHost.facts();
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    Launcher launcher =
        new Launcher(
            new UserDirectories(
                System.getenv(), directory, TestHost.cache(), directory.resolve("run")));
    LaunchPlan plan = launcher.prepare(topology, new BuildListener() {}).plan();
    beforeStart.act();
    return Launch.start(plan, RunListener.SILENT);
  }
}
