package dev.topology.bench;

import dev.topology.image.BuildListener;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.language.load.LoadResult;
import dev.topology.run.RunEvent.RunListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From a node's failure, its QEMU being killed, to the end of the last of eight. */
final class FailureTeardown {

  private static final int REPETITIONS = 10;
  private static final int NODES = 8;

  private FailureTeardown() {}

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    Path file = GeneratedTopology.idle(directory, "bench-teardown", NODES);
    Launcher launcher = new Launcher(UserDirectories.ofProcess());
    LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(file);
    var plan = launcher.prepare(loaded.topology(), new BuildListener() {}).plan();
    Samples samples = new Samples();
    for (int i = 0; i < REPETITIONS; i++) {
      try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
        launch.topology().ready().get(3, TimeUnit.MINUTES);
        List<ProcessHandle> qemus = qemus();
        if (qemus.size() != NODES) {
          throw new IllegalStateException("not " + NODES + " QEMUs: " + qemus);
        }
        long start = System.nanoTime();
        qemus.get(0).destroyForcibly();
        for (ProcessHandle qemu : qemus) {
          qemu.onExit().get(1, TimeUnit.MINUTES);
        }
        samples.addSince(start);
      }
    }
    return List.of(
        new Row(
            "from a node's failure to the last QEMU gone, " + NODES + " nodes",
            "300 ms",
            samples.toString()));
  }

  private static List<ProcessHandle> qemus() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").contains("qemu-system"))
        .toList();
  }
}
