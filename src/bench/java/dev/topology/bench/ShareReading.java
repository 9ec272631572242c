package dev.topology.bench;

import dev.topology.image.BuildListener;
import dev.topology.language.load.LoadResult;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A file of 100 MB and 10,000 of a kilobyte, read in a guest that shares their directory, and in
 * one that has them as {@code files}; and how long it takes until either guest has them.
 */
final class ShareReading {

  private static final int ROUNDS = 5;
  private static final int BOOTS = 3;
  private static final int LARGE_BYTES = 100_000_000;
  private static final int SMALL_FILES = 10_000;
  private static final int SMALL_BYTES = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String LARGE = "cat /data/large >/dev/null";
  private static final String SMALL = "find /data/small -type f -exec cat {} + >/dev/null";
  private static final String FORGET = "echo 3 >/proc/sys/vm/drop_caches";

  /** What was measured of one guest. */
  private static final class Reading {
    final Samples ready = new Samples();
    final Samples large = new Samples();
    final Samples largeAgain = new Samples();
    final Samples small = new Samples();
    final Samples smallAgain = new Samples();
  }

  private final Path directory;
  private final Launcher launcher = new Launcher(UserDirectories.ofProcess());

  private ShareReading(Path directory) {
    this.directory = directory;
  }

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    byte[] bytes = new byte[LARGE_BYTES];
    new Random(1).nextBytes(bytes);
    Path data = Files.createDirectories(directory.resolve("data/small")).getParent();
    Files.write(data.resolve("large"), bytes);
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.writeString(data.resolve("small/" + i), "x".repeat(SMALL_BYTES));
    }
    ShareReading bench = new ShareReading(directory);
    Reading shared = new Reading();
    Reading files = new Reading();
    for (int boot = 0; boot < BOOTS; boot++) {
      bench.run("shares", shared);
      bench.run("files", files);
    }
    return List.of(
        row("until a guest with them is ready", shared.ready, files.ready),
        row("reading the large one for the first time", shared.large, files.large),
        row("again", shared.largeAgain, files.largeAgain),
        row("reading the small ones for the first time", shared.small, files.small),
        row("again", shared.smallAgain, files.smallAgain));
  }

  private static Row row(String what, Samples shared, Samples files) {
    return new Row(
        "100 MB and 10,000 files of 1 kB, `shares` against `files`: " + what,
        "",
        shared + " against " + files);
  }

  private void run(String key, Reading reading) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("lab.yaml"),
            "nodes: {a: {host_network: false, memory: 768MiB, " + key + ": {/data: data}}}\n");
    LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(file);
    var plan = launcher.prepare(loaded.topology(), new BuildListener() {}).plan();
    long start = System.nanoTime();
    try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
      launch.topology().awaitReady();
      reading.ready.addSince(start);
      RunningNode a = launch.topology().node("a");
      for (int round = 0; round < ROUNDS; round++) {
        run(a, FORGET, new Samples());
        run(a, LARGE, reading.large);
        run(a, LARGE, reading.largeAgain);
        run(a, SMALL, reading.small);
        run(a, SMALL, reading.smallAgain);
      }
    }
  }

  private static void run(RunningNode node, String script, Samples samples) throws Exception {
    long start = System.nanoTime();
    node.shell().run(script, PATIENCE).expectSuccess();
    samples.addSince(start);
  }
}
