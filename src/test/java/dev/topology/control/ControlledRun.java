package dev.topology.control;

import dev.topology.image.BuildListener;
import dev.topology.language.load.LoadResult;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Architecture;
import dev.topology.plan.LaunchPlan;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.testing.FakeQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A run of two nodes, whose QEMUs are scripts that do nothing, and its control server. */
final class ControlledRun implements AutoCloseable {

  private static final String PAIR =
      """
      name: pair
      nodes: {left: {}, right: {}}
      cables: [{name: uplink, ends: [{node: left}, {node: right}]}]
      """;

  private final UserDirectories user;
  private final Launch launch;
  private final ControlServer server;

  private ControlledRun(UserDirectories user, Launch launch, ControlServer server) {
    this.user = user;
    this.launch = launch;
    this.server = server;
  }

  /** Starts one; everything of it is under a directory. */
  static ControlledRun start(Path directory) throws Exception {
    UserDirectories user = user(directory);
    Path file = Files.writeString(directory.resolve("pair.yaml"), PAIR);
    Launcher launcher = new Launcher(user);
    LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(file);
    LaunchPlan plan = launcher.prepare(loaded.topology(), new BuildListener() {}).plan();
    Launch launch = Launch.start(plan, RunListener.SILENT);
    return new ControlledRun(user, launch, ControlServer.open(launch, file, /* boots= */ false));
  }

  private static UserDirectories user(Path directory) throws IOException {
    FakeQemu qemu = FakeQemu.thatPasses(directory, "exec sleep 600");
    UserDirectories user =
        UserDirectories.of(
            Map.of(
                "PATH", "/usr/bin:/bin",
                "TOPOLOGY_QEMU", qemu.program().toString(),
                "XDG_CACHE_HOME", directory.resolve("cache").toString(),
                "XDG_RUNTIME_DIR", directory.resolve("run").toString()),
            directory);
    FakeQemu.imageIn(user.images(Architecture.AMD64));
    return user;
  }

  Launch launch() {
    return launch;
  }

  Path directory() {
    return launch.directory();
  }

  Path runtime() {
    return user.runtime();
  }

  ControlClient connect() throws ControlException {
    return ControlClient.connect(directory()).orElseThrow();
  }

  /** As {@code up} does when the run is over. */
  @Override
  public void close() {
    // Idempotent, as each part is.
    launch.topology().stop();
    launch.topology().over().join();
    server.close();
    launch.close();
  }

  /** The variables of its user, as a request has them. */
  List<String> environment() {
    return user.environment().entrySet().stream()
        .map(it -> it.getKey() + "=" + it.getValue())
        .toList();
  }
}
