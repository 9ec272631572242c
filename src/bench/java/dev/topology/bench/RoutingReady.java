package dev.topology.bench;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The three routers of {@code topologies/ospf.yaml}: how long it takes until each reaches the
 * others, by booting them, by cloning guests that were saved, and from a checkpoint.
 *
 * <p>The user's cache has their image; it is built if it has not.
 */
final class RoutingReady {

  private static final String FILE = "topologies/ospf.yaml";
  private static final String CHECKPOINT = "bench-routing";
  private static final int REPETITIONS = 10;
  private static final int PATIENCE_SECONDS = 600;
  private static final String ALL_READY = "every node is ready";

  private RoutingReady() {}

  static List<Row> measure() throws Exception {
    if (!CloneStart.run("target/topology", "image", "list").contains("router")) {
      CloneStart.run("target/topology", "image", "build", "router", "--package", "bird2");
    }
    Map<String, List<String>> ways = new LinkedHashMap<>();
    ways.put("booted", List.of(FILE, "--boot"));
    ways.put("cloned", List.of(FILE));
    ways.put("restored", List.of("--restore", CHECKPOINT));
    Map<String, Samples> samples = new LinkedHashMap<>();
    ways.keySet().forEach(way -> samples.put(way, new Samples()));
    save();
    for (int i = 0; i < REPETITIONS; i++) {
      for (Map.Entry<String, List<String>> way : ways.entrySet()) {
        time(way.getValue(), samples.get(way.getKey()));
      }
    }
    CloneStart.run("target/topology", "cache", "remove", CHECKPOINT);
    double booted = samples.get("booted").median();
    double restored = samples.get("restored").median();
    return List.of(
        new Row(
            "three routers until OSPF has converged: " + String.join(", ", ways.keySet()),
            "",
            samples.values().stream().map(Samples::toString).collect(joining(", "))
                + ": %.2f of a boot".formatted(restored / booted)));
  }

  /** Brings the routers up, which also saves a guest for the clones, and saves them converged. */
  private static void save() throws IOException, InterruptedException {
    CloneStart.run("target/topology", "up", "--detach", FILE);
    try {
      CloneStart.run("target/topology", "checkpoint", "-i", "ospf", "--force", CHECKPOINT);
    } finally {
      CloneStart.run("target/topology", "down", "ospf");
    }
  }

  private static void time(List<String> arguments, Samples samples) throws Exception {
    List<String> command = new ArrayList<>(List.of("target/topology", "up"));
    command.addAll(arguments);
    long start = System.nanoTime();
    try (Spoken up = Spoken.start(command, ALL_READY, 1)) {
      if (!up.saysAllWithin(PATIENCE_SECONDS)) {
        throw new IllegalStateException(command + " was not ready in time");
      }
      samples.addSince(start);
    }
  }
}
