package dev.topology.cluster;

import dev.topology.cluster.Placement.Machine;
import dev.topology.cluster.WeightedGraph.Edge;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Switch;
import dev.topology.model.Topology;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Divides a topology over machines that are all alike. What its file has together or apart is so,
 * and no machine has more memory to give than it has; under these conditions the machines get about
 * the same memory and processors, and few cables are between them. The same topology gives the same
 * placement.
 */
public final class Placer {

  /** The kinds of load: bytes of memory, and processors. */
  private static final int KINDS = 2;

  private static final int FEW = 4;

  private final Topology topology;
  private final Optional<Memory> memory;
  private final List<String> names;
  private final Map<String, Integer> vertices = new LinkedHashMap<>();
  private final int[] clusterOf;
  private final WeightedGraph clusters;

  private Placer(Topology topology, Optional<Memory> memory) {
    this.topology = topology;
    this.memory = memory;
    this.names =
        Stream.concat(
                topology.nodes().stream().map(Node::name),
                topology.switches().stream().map(Switch::name))
            .toList();
    names.forEach(it -> vertices.put(it, vertices.size()));
    this.clusterOf = together();
    this.clusters = graph().merged(clusterOf, Arrays.stream(clusterOf).max().orElse(0) + 1);
  }

  /**
   * What there is to run a topology on: machines that are all alike. How many processors they have
   * does not matter: guests share them.
   *
   * @param count how many there are, 1 or more; empty for as many as it takes
   * @param memory what each has for guests, not counting what QEMU itself takes; empty for enough
   */
  public record Machines(OptionalInt count, Optional<Memory> memory) {}

  /** A topology cannot be divided over the machines that there are. */
  public static final class PlacementException extends Exception {

    private static final long serialVersionUID = 1L;

    PlacementException(String message) {
      super(message);
    }
  }

  /**
   * Divides a topology. Of the machines that there are, it leaves some empty if it may, by its
   * file, not use more, or if the fullest would be as full with more of them. Where it takes as
   * many as it needs, these are as few as can be.
   *
   * @throws PlacementException if it was not possible, or no way was found
   */
  public static Placement place(Topology topology, Machines machines) throws PlacementException {
    Placer placer = new Placer(topology, machines.memory());
    placer.checkMemory();
    OptionalInt allowed = topology.placement().machines();
    int most =
        IntStream.concat(machines.count().stream(), allowed.stream())
            .min()
            .orElse(placer.clusters.size());
    int fewest = machines.count().isPresent() ? most : placer.fewest();
    for (int count = fewest; count <= most; count++) {
      Optional<int[]> parts = Partitioner.divide(placer.clusters, count, placer.limit());
      if (parts.isPresent()) {
        return placer.placement(parts.get());
      }
    }
    throw placer.impossible(most);
  }

  /** The number of the cluster of each vertex: those that go together are one. */
  private int[] together() {
    int[] parents = IntStream.range(0, names.size()).toArray();
    for (List<String> list : topology.placement().together()) {
      int[] members = known(list);
      for (int member : members) {
        parents[root(member, parents)] = root(members[0], parents);
      }
    }
    Map<Integer, Integer> numbers = new LinkedHashMap<>();
    return IntStream.range(0, names.size())
        .map(it -> root(it, parents))
        .map(it -> Objects.requireNonNull(numbers.computeIfAbsent(it, old -> numbers.size())))
        .toArray();
  }

  /** The vertex that stands for one and all that it is together with. */
  private static int root(int vertex, int[] parents) {
    int root = vertex;
    while (parents[root] != root) {
      root = parents[root];
    }
    parents[vertex] = root;
    return root;
  }

  /** Those of a list that are there: a part of a topology has the rules of the whole. */
  private int[] known(List<String> list) {
    return list.stream()
        .filter(vertices::containsKey)
        .mapToInt(it -> Objects.requireNonNull(vertices.get(it)))
        .toArray();
  }

  private WeightedGraph graph() {
    long[][] loads = new long[names.size()][KINDS];
    for (int vertex = 0; vertex < topology.nodes().size(); vertex++) {
      Node node = topology.nodes().get(vertex);
      loads[vertex] = new long[] {node.memory().bytes(), node.cpus()};
    }
    List<Edge> edges =
        topology.cables().stream()
            .filter(it -> it.outside().isEmpty())
            .map(it -> new Edge(vertex(it.left().owner()), vertex(it.right().owner()), 1))
            .toList();
    int[][] apart = new int[names.size()][0];
    List<List<String>> lists = topology.placement().apart();
    for (int list = 0; list < lists.size(); list++) {
      for (int vertex : known(lists.get(list))) {
        apart[vertex] = Arrays.copyOf(apart[vertex], apart[vertex].length + 1);
        apart[vertex][apart[vertex].length - 1] = list;
      }
    }
    return new WeightedGraph(loads, edges, apart, lists.size());
  }

  private int vertex(String name) {
    return Objects.requireNonNull(vertices.get(name));
  }

  private long[] limit() {
    return new long[] {memory.map(Memory::bytes).orElse(Long.MAX_VALUE), Long.MAX_VALUE};
  }

  private int fewest() {
    long all = clusters.total()[0];
    long memories = memory.map(it -> (all + it.bytes() - 1) / it.bytes()).orElse(1L);
    int apart =
        topology.placement().apart().stream().mapToInt(it -> known(it).length).max().orElse(1);
    return (int) Math.max(1, Math.max(apart, memories));
  }

  private void checkMemory() throws PlacementException {
    for (int cluster = 0; memory.isPresent() && cluster < clusters.size(); cluster++) {
      if (clusters.load(cluster)[0] > memory.get().bytes()) {
        int wanted = cluster;
        List<String> members =
            IntStream.range(0, names.size())
                .filter(it -> clusterOf[it] == wanted)
                .mapToObj(names::get)
                .toList();
        throw new PlacementException(
            "%s %s of memory, more than the %s of a machine"
                .formatted(
                    members.size() == 1
                        ? "node " + Quote.of(members.get(0)) + " has"
                        : listed(members) + " go together and have",
                    new Memory(clusters.load(cluster)[0]),
                    memory.get()));
      }
    }
  }

  private PlacementException impossible(int machines) {
    for (List<String> list : topology.placement().apart()) {
      if (known(list).length > machines) {
        return new PlacementException(
            "%d nodes that are to be apart need as many machines, not %d: %s"
                .formatted(known(list).length, machines, listed(list)));
      }
    }
    long bytes = clusters.total()[0];
    if (memory.isPresent() && bytes > memory.get().bytes() * (double) machines) {
      return new PlacementException(
          "the nodes have %s of memory, which is more than %d × %s"
              .formatted(new Memory(bytes), machines, memory.get()));
    }
    return new PlacementException(
        "no way was found to divide %s over %s"
                .formatted(
                    Quote.of(topology.name()), machines == 1 ? "1 machine" : machines + " machines")
            + (memory.isPresent() ? " of " + memory.get() : "")
            + (topology.placement().apart().isEmpty() ? "" : " and keep apart what is to be apart")
            + "; more machines would help");
  }

  private static String listed(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(names.size(), FEW)))
        + (names.size() > FEW ? ", …" : "");
  }

  /** Machines without anything are left out. */
  private Placement placement(int[] parts) {
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int vertex = 0; vertex < names.size(); vertex++) {
      members.computeIfAbsent(parts[clusterOf[vertex]], it -> new ArrayList<>()).add(vertex);
    }
    List<Machine> machines = new ArrayList<>();
    members.values().forEach(it -> machines.add(machine("m" + (machines.size() + 1), it)));
    return new Placement(topology, machines);
  }

  private Machine machine(String name, List<Integer> members) {
    int nodes = topology.nodes().size();
    return new Machine(
        name,
        members.stream().filter(it -> it < nodes).map(topology.nodes()::get).toList(),
        members.stream().filter(it -> it >= nodes).map(names::get).toList());
  }
}
