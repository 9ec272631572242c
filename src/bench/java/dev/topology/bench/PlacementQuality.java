package dev.topology.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cluster.Placement;
import dev.topology.cluster.Placer;
import dev.topology.cluster.Placer.Machines;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Cable;
import dev.topology.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How many cables are between machines, beside METIS 5.1 (Debian's package metis), which gets the
 * same tolerance of a tenth and as many attempts.
 */
final class PlacementQuality {

  private static final int[] SIZES = {100, 300, 1_000};
  private static final int[] MACHINES = {4, 16};

  private PlacementQuality() {}

  static List<Row> measure() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (String shape : List.of("random", "Clos", "tree")) {
      for (int nodes : SIZES) {
        Topology topology = topology(shape, nodes);
        for (int machines : MACHINES) {
          rows.add(row(shape, topology, machines));
        }
      }
    }
    return rows;
  }

  private static Row row(String shape, Topology topology, int machines) throws Exception {
    Machines all = new Machines(OptionalInt.of(machines), Optional.empty());
    long start = System.nanoTime();
    Placement placement = Placer.place(topology, all);
    Samples samples = new Samples();
    samples.addSince(start);
    Map<String, Integer> ours = new HashMap<>();
    for (int machine = 0; machine < placement.machines().size(); machine++) {
      for (String node : placement.machines().get(machine).names()) {
        ours.put(node, machine);
      }
    }
    Optional<Map<String, Integer>> metis = metis(topology, machines);
    return new Row(
        "cables between %d machines, of %,d, %s network of %,d nodes"
            .formatted(machines, topology.cables().size(), shape, topology.nodes().size()),
        metis.map(it -> "METIS: " + figures(topology, it, machines)).orElse("METIS is not here"),
        figures(topology, ours, machines) + "; " + samples);
  }

  /** What is cut, and how full the fullest machine is. */
  private static String figures(Topology topology, Map<String, Integer> where, int machines) {
    long cut =
        topology.cables().stream()
            .filter(it -> !where.get(it.left().owner()).equals(where.get(it.right().owner())))
            .count();
    int[] loads = new int[machines];
    topology.nodes().forEach(it -> loads[where.get(it.name())]++);
    double fullest = Arrays.stream(loads).max().orElse(0);
    return "%d, fullest %.2f × mean".formatted(cut, fullest * machines / topology.nodes().size());
  }

  private static Optional<Map<String, Integer>> metis(Topology topology, int machines)
      throws IOException, InterruptedException {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    topology.nodes().forEach(it -> numbers.put(it.name(), numbers.size() + 1));
    List<StringBuilder> lines = new ArrayList<>();
    topology.nodes().forEach(it -> lines.add(new StringBuilder()));
    for (Cable cable : topology.cables()) {
      int left = numbers.get(cable.left().owner());
      int right = numbers.get(cable.right().owner());
      lines.get(left - 1).append(right).append(' ');
      lines.get(right - 1).append(left).append(' ');
    }
    Path graph = Files.createTempDirectory("bench").resolve("graph");
    String head = topology.nodes().size() + " " + topology.cables().size() + "\n";
    Files.writeString(graph, head + String.join("\n", lines) + "\n");
    List<String> command =
        List.of("gpmetis", "-ufactor=100", "-ncuts=12", graph.toString(), "" + machines);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
    } catch (IOException missing) {
      return Optional.empty();
    }
    List<String> parts = Files.readAllLines(Path.of(graph + ".part." + machines));
    Map<String, Integer> where = new HashMap<>();
    numbers.forEach((name, number) -> where.put(name, Integer.valueOf(parts.get(number - 1))));
    return Optional.of(where);
  }

  private static Topology topology(String shape, int nodes) {
    TopologyBuilder topology = TopologyBuilder.named("lab");
    topology.defaults(node -> node.hostNetwork(false));
    for (int node = 0; node < nodes; node++) {
      topology.node("n" + node);
    }
    switch (shape) {
      case "random" -> random(topology, nodes);
      case "Clos" -> clos(topology, nodes);
      default -> {
        for (int node = 1; node < nodes; node++) {
          cable(topology, (node - 1) / 3, node);
        }
      }
    }
    return topology.build();
  }

  /** Four cables at a node, as a mean; all nodes can reach each other. */
  private static void random(TopologyBuilder topology, int nodes) {
    SplittableRandom random = new SplittableRandom(nodes);
    Set<Long> cables = new HashSet<>();
    for (int node = 1; node < nodes; node++) {
      int other = random.nextInt(node);
      cables.add((long) other * nodes + node);
      cable(topology, other, node);
    }
    while (cables.size() < 2 * nodes) {
      int left = random.nextInt(nodes);
      int right = random.nextInt(nodes);
      long key = (long) Math.min(left, right) * nodes + Math.max(left, right);
      if (left != right && cables.add(key)) {
        cable(topology, left, right);
      }
    }
  }

  /** Spines; pods of 2 aggregating switches, each with up to 8 uplinks, 4 leaves and 16 hosts. */
  private static void clos(TopologyBuilder topology, int nodes) {
    int spines = nodes / 25;
    int uplinks = Math.min(8, spines / 2);
    int uplink = 0;
    int next = spines;
    while (next + 6 <= nodes) {
      int pod = next;
      next += 6;
      for (int up = 0; up < 2; up++) {
        for (int count = 0; count < uplinks; count++) {
          cable(topology, uplink++ % spines, pod + up);
        }
        for (int leaf = 2; leaf < 6; leaf++) {
          cable(topology, pod + up, pod + leaf);
        }
      }
      for (int host = 0; host < 16 && next < nodes; host++) {
        cable(topology, pod + 2 + host / 4, next++);
      }
    }
    for (int spare = next; spare < nodes; spare++) {
      cable(topology, spare - 1, spare);
    }
  }

  private static void cable(TopologyBuilder topology, int left, int right) {
    topology.cable("n" + left, "n" + right);
  }
}
