package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a graph looks like as a whole.
 *
 * @param neighbours of each node, each once, in the order of the cables
 */
record Shape(Map<String, Set<String>> neighbours) {

  static Shape of(NetworkGraph graph) {
    Map<String, Set<String>> neighbours = new LinkedHashMap<>();
    for (Box node : graph.nodes()) {
      neighbours.put(node.name(), new LinkedHashSet<>());
    }
    for (Link link : graph.links()) {
      String left = link.left().node();
      String right = link.right().node();
      if (!left.equals(right)) {
        Objects.requireNonNull(neighbours.get(left)).add(right);
        Objects.requireNonNull(neighbours.get(right)).add(left);
      }
    }
    return new Shape(neighbours);
  }

  /** Whether the nodes stand in a row: no branch, no ring, all connected. */
  boolean isPath() {
    return isTree() && neighbours.values().stream().allMatch(near -> near.size() <= 2);
  }

  /** The nodes of a path, in order. */
  List<String> fromEndToEnd() {
    String end =
        neighbours.keySet().stream()
            .filter(node -> near(node).size() <= 1)
            .findFirst()
            .orElseThrow();
    return new ArrayList<>(distances(end).keySet());
  }

  /** Whether each node has one before it and one after it, all connected. */
  boolean isRing() {
    return neighbours.size() > 2
        && neighbours.values().stream().allMatch(near -> near.size() == 2)
        && isConnected();
  }

  /** Whether every node is connected to every other. */
  boolean isMesh() {
    return neighbours.size() > 2
        && neighbours.values().stream().allMatch(near -> near.size() == neighbours.size() - 1);
  }

  /** The nodes of a ring or mesh, neighbours after each other, from the first in the file. */
  List<String> aroundFromFirst() {
    List<String> around = new ArrayList<>();
    Optional<String> next = neighbours.keySet().stream().findFirst();
    while (next.isPresent()) {
      around.add(next.get());
      next = near(next.get()).stream().filter(node -> !around.contains(node)).findFirst();
    }
    return around;
  }

  /** Whether there is more to a tree than its root with nodes around it. */
  boolean isDeepFrom(String root) {
    return depth(root) > 1;
  }

  /** The node from which the farthest is nearest; of several, the first in the file. */
  String root() {
    return neighbours.keySet().stream().min(Comparator.comparing(this::depth)).orElseThrow();
  }

  private int depth(String root) {
    return distances(root).values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Whether there is one way and no more from each node to each other. */
  boolean isTree() {
    int ends = neighbours.values().stream().mapToInt(Set::size).sum();
    return ends == 2 * (neighbours.size() - 1) && isConnected();
  }

  private boolean isConnected() {
    return neighbours.keySet().stream()
        .findFirst()
        .filter(node -> distances(node).size() == neighbours.size())
        .isPresent();
  }

  /** How far each node is that can be reached, the nearest first. */
  private Map<String, Integer> distances(String from) {
    Map<String, Integer> distances = new LinkedHashMap<>(Map.of(from, 0));
    Deque<String> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      String node = next.remove();
      int distance = Objects.requireNonNull(distances.get(node));
      for (String neighbour : near(node)) {
        if (distances.putIfAbsent(neighbour, distance + 1) == null) {
          next.add(neighbour);
        }
      }
    }
    return distances;
  }

  /** The neighbours of a node. */
  Set<String> near(String node) {
    return Objects.requireNonNull(neighbours.get(node));
  }
}
