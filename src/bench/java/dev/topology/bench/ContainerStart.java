package dev.topology.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes of a container image of about 200 MB against nodes of the built-in one: how long {@code
 * topology up} takes until one, and until ten are ready, from the second time on, and how much
 * memory they take then. The image is made of Debian's packages, by mmdebstrap and umoci.
 */
final class ContainerStart {

  private static final int REPETITIONS = 10;
  private static final int REPETITIONS_OF_TEN = 3;
  private static final int TEN = 10;
  private static final int PATIENCE_SECONDS = 900;
  private static final double KIB_PER_MIB = 1024;
  private static final String ALL_READY = "every node is ready";

  private final Path directory;

  private ContainerStart(Path directory) {
    this.directory = directory;
  }

  static List<Row> measure() throws Exception {
    Path directory = Files.createTempDirectory("bench");
    ContainerStart bench = new ContainerStart(directory);
    String megabytes = bench.makeImage();
    Kind container = bench.new Kind("container", "oci:layout:10");
    Kind builtIn = bench.new Kind("built-in", "default");
    List<Row> rows = new ArrayList<>();
    for (List<String> options : List.of(List.of("--boot"), List.<String>of())) {
      Run of = container.times(1, REPETITIONS, options, builtIn);
      rows.add(
          of.row("a node of a container image of " + megabytes + " MB ready", "1.3", options));
    }
    Run ten = container.times(TEN, REPETITIONS_OF_TEN, List.of(), builtIn);
    rows.add(ten.row("ten nodes of it ready", "", List.of()));
    CloneStart.run("rm", "-rf", directory.toString());
    return rows;
  }

  /** Makes the image, and returns how large its files are, in MB. */
  private String makeImage() throws IOException, InterruptedException {
    Path tar = directory.resolve("root.tar");
    Path layout = directory.resolve("layout");
    CloneStart.run("mmdebstrap", "--quiet", "--variant=minbase", "bookworm", tar.toString());
    CloneStart.run("umoci", "init", "--layout", layout.toString());
    CloneStart.run("umoci", "new", "--image", layout + ":10");
    CloneStart.run("umoci", "raw", "add-layer", "--image", layout + ":10", tar.toString());
    String megabytes = String.valueOf(Files.size(tar) / 1_000_000);
    Files.delete(tar);
    return megabytes;
  }

  /** What two kinds of nodes took. */
  private record Run(Samples ready, double memory, Samples othersReady, double othersMemory) {

    Row row(String what, String aim, List<String> options) {
      return new Row(
          what
              + (options.isEmpty() ? "" : ", `" + String.join(" ", options) + "`")
              + ", against the built-in image; memory of each (PSS of its QEMU)",
          aim,
          "%.2f (%s against %s); %.0f against %.0f MiB"
              .formatted(
                  ready.median() / othersReady.median(),
                  ready,
                  othersReady,
                  memory,
                  othersMemory));
    }
  }

  /** Nodes of one image. */
  private final class Kind {
    private final String name;
    private final String image;

    Kind(String name, String image) {
      this.name = name;
      this.image = image;
    }

    private Path file(int nodes) throws IOException {
      String text =
          "name: bench-%s-%d\nnodes: {n: {count: %d, memory: 128MiB, image: \"%s\"}}\n"
              .formatted(name, nodes, nodes, image);
      return Files.writeString(directory.resolve(name + nodes + ".yaml"), text);
    }

    /** Takes turns with another kind. */
    Run times(int nodes, int repetitions, List<String> options, Kind other) throws Exception {
      Samples ready = new Samples();
      Samples othersReady = new Samples();
      up(nodes, options, new Samples());
      other.up(nodes, options, new Samples());
      double memory = 0;
      double othersMemory = 0;
      for (int i = 0; i < repetitions; i++) {
        memory = up(nodes, options, ready);
        othersMemory = other.up(nodes, options, othersReady);
      }
      return new Run(ready, memory, othersReady, othersMemory);
    }

    /** Adds how long it takes, and returns the memory of a node in MiB. */
    private double up(int nodes, List<String> options, Samples samples) throws Exception {
      List<String> command = new ArrayList<>(List.of("target/topology", "up"));
      command.add(file(nodes).toString());
      command.addAll(options);
      long start = System.nanoTime();
      try (Spoken up = Spoken.start(command, ALL_READY, 1)) {
        if (!up.saysAllWithin(PATIENCE_SECONDS)) {
          throw new IllegalStateException(command + " was not ready in " + PATIENCE_SECONDS + " s");
        }
        samples.addSince(start);
        return up.memoryOf("qemu-system") / KIB_PER_MIB / nodes;
      }
    }
  }
}
