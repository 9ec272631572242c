package dev.topology.bench;

import dev.topology.launch.UserDirectories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Networks whose nodes boot, whose nodes are clones, and which are brought back as a whole: how
 * long {@code topology up} takes until all nodes are ready, and how much memory each takes then; and
 * what saving a guest or a network costs.
 *
 * <p>Saved guests are kept in a cache of the benchmark's own, with the user's guest images.
 */
final class CloneStart {

  /** How often each size is measured, by the number of its nodes. */
  private static final Map<Integer, Integer> REPETITIONS =
      new TreeMap<>(Map.of(1, 10, 2, 10, 8, 5, 16, 5, 64, 3));

  private static final int SAVES = 5;
  private static final int PATIENCE_SECONDS = 900;
  private static final String ALL_READY = "every node is ready";

  /** The ways in which the nodes of a network can come to run. */
  private enum Way {
    BOOTED("--boot"),
    CLONED,
    RESTORED;

    private final List<String> options;

    Way(String... options) {
      this.options = List.of(options);
    }

    /** What is given for the file: a network that is brought back has the name of the file. */
    List<String> arguments(Path file) {
      return this == RESTORED
          ? List.of("--restore", nameOf(file))
          : Stream.concat(Stream.of(file.toString()), options.stream()).toList();
    }
  }

  private final Path directory;
  private final Path cache;

  private CloneStart(Path directory) throws IOException {
    this.directory = directory;
    this.cache = Files.createDirectories(directory.resolve("cache/topology"));
    Path real = UserDirectories.ofProcess().cache();
    for (String shared : List.of("images", "host", "classes", "native")) {
      if (Files.exists(real.resolve(shared))) {
        Files.createSymbolicLink(cache.resolve(shared), real.resolve(shared));
      }
    }
  }

  static List<Row> measure() throws Exception {
    CloneStart bench = new CloneStart(Files.createTempDirectory("bench"));
    List<Row> rows = new ArrayList<>();
    rows.add(bench.saving());
    Map<Way, Double> memory = new LinkedHashMap<>();
    for (int nodes : REPETITIONS.keySet()) {
      rows.add(bench.untilReady(nodes, memory));
    }
    double booted = memory.get(Way.BOOTED);
    rows.add(
        new Row(
            "memory of a node (PSS of its QEMU) while 16 run: booted, cloned, restored",
            "a quarter",
            "%.0f, %.0f, %.0f MiB: %.2f, %.2f"
                .formatted(
                    booted,
                    memory.get(Way.CLONED),
                    memory.get(Way.RESTORED),
                    memory.get(Way.CLONED) / booted,
                    memory.get(Way.RESTORED) / booted)));
    rows.add(bench.checkpoint());
    return rows;
  }

  /** The first {@code up} boots a guest, saves it, and tries a clone of it. */
  private Row saving() throws Exception {
    Path file = GeneratedTopology.star(directory, "bench-save", 1);
    Samples first = new Samples();
    Samples booted = new Samples();
    String kept = "";
    // The cache of classes is made by a first one.
    time(file, Way.BOOTED, new Samples());
    for (int i = 0; i < SAVES; i++) {
      run("rm", "-rf", cache.resolve("snapshots").toString());
      time(file, Way.CLONED, first);
      time(file, Way.BOOTED, booted);
      kept = run("du", "-sm", cache.resolve("snapshots").toString()).split("\t", -1)[0];
    }
    return new Row(
        "the first `up` of a node of 128 MiB, which also saves it, against `up --boot`; on the disk",
        "",
        "%s against %s; %s MB".formatted(first, booted, kept));
  }

  /**
   * @param memory takes what a node of a network of 16 needs, in MiB
   */
  private Row untilReady(int nodes, Map<Way, Double> memory) throws Exception {
    Path file = GeneratedTopology.star(directory, "bench-" + nodes, nodes);
    Map<Way, Samples> ready = new LinkedHashMap<>();
    for (Way way : Way.values()) {
      ready.put(way, new Samples());
    }
    time(file, Way.CLONED, new Samples());
    topology("up", "--detach", file.toString());
    topology("checkpoint", "--force", "--instance", nameOf(file));
    topology("down", nameOf(file));
    for (int i = 0; i < REPETITIONS.get(nodes); i++) {
      for (Way way : Way.values()) {
        double mebibytes = time(file, way, ready.get(way)) / nodes;
        if (nodes == 16) {
          memory.put(way, mebibytes);
        }
      }
    }
    Samples booted = ready.get(Way.BOOTED);
    Samples cloned = ready.get(Way.CLONED);
    Samples restored = ready.get(Way.RESTORED);
    String aim = nodes == 64 ? "a third" : nodes == 2 ? "restored, a tenth" : "";
    return new Row(
        nodes + (nodes == 1 ? " node" : " nodes") + " at a switch ready: booted, cloned, restored",
        aim,
        "%s, %s, %s: %.2f, %.2f"
            .formatted(
                booted,
                cloned,
                restored,
                cloned.median() / booted.median(),
                restored.median() / booted.median()));
  }

  /** What saving a network costs. */
  private Row checkpoint() throws Exception {
    Path file = GeneratedTopology.star(directory, "bench-pair", 2);
    Samples command = new Samples();
    topology("up", "--detach", file.toString());
    for (int i = 0; i < SAVES; i++) {
      long start = System.nanoTime();
      topology("checkpoint", "--force", "--instance", nameOf(file));
      command.addSince(start);
    }
    topology("down", nameOf(file));
    String kept =
        run("du", "-sm", cache.resolve("checkpoints").resolve(nameOf(file)).toString())
            .split("\t", -1)[0];
    return new Row(
        "saving two nodes of 128 MiB that run; on the disk", "", "%s; %s MB".formatted(command, kept));
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.yaml$", "");
  }

  private void topology(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "XDG_CACHE_HOME=" + cache.getParent()));
    command.add("target/topology");
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  /** Adds how long it takes until all are ready, and returns what their QEMUs need, in MiB. */
  private double time(Path file, Way way, Samples samples) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "XDG_CACHE_HOME=" + cache.getParent()));
    command.addAll(List.of("target/topology", "up"));
    command.addAll(way.arguments(file));
    long start = System.nanoTime();
    try (Spoken up = Spoken.start(command, ALL_READY, 1)) {
      if (!up.saysAllWithin(PATIENCE_SECONDS)) {
        throw new IllegalStateException(file + " was not ready in " + PATIENCE_SECONDS + " s");
      }
      samples.addSince(start);
      return up.memoryOf("qemu-system") / 1024.0;
    }
  }

  /** The output of a command that succeeds. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(List.of(command) + ": " + output);
    }
    return output;
  }
}
