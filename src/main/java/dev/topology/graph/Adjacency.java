package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.NodeBox;
import java.util.ArrayDeque;
import java.util.Collection;
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
 * Which nodes are neighbours, and what the graph looks like as a whole.
 *
 * @param neighbours of each node, each once, in the order of the cables
 * @param isSimple whether no two cables join the same nodes, and none joins a node to itself
 */
record Adjacency(Map<String, Set<String>> neighbours, boolean isSimple) {

  static Adjacency of(NetworkGraph graph) {
    Map<String, Set<String>> neighbours = new LinkedHashMap<>();
    for (NodeBox node : graph.nodes()) {
      neighbours.put(node.name(), new LinkedHashSet<>());
    }
    boolean isSimple = true;
    for (CableLine cable : graph.cables()) {
      String left = cable.left().node();
      String right = cable.right().node();
      if (left.equals(right)) {
        isSimple = false;
      } else {
        isSimple &= Objects.requireNonNull(neighbours.get(left)).add(right);
        Objects.requireNonNull(neighbours.get(right)).add(left);
      }
    }
    return new Adjacency(neighbours, isSimple);
  }

  /** Whether the nodes stand in a row: no branch, no ring, all connected. */
  boolean isPath() {
    return isTree() && neighbours.values().stream().allMatch(near -> near.size() <= 2);
  }

  /** Whether each node has one before it and one after it, all connected. */
  boolean isRing() {
    return isSimple
        && neighbours.size() > 2
        && neighbours.values().stream().allMatch(near -> near.size() == 2)
        && isConnected();
  }

  /** Whether every node is connected to every other. */
  boolean isMesh() {
    return isSimple
        && neighbours.size() > 2
        && neighbours.values().stream().allMatch(near -> near.size() == neighbours.size() - 1);
  }

  /** The nodes of a ring or mesh, neighbours after each other, from the first in the file. */
  List<String> aroundFromFirst() {
    Set<String> around = new LinkedHashSet<>();
    Optional<String> next = neighbours.keySet().stream().findFirst();
    while (next.isPresent()) {
      around.add(next.get());
      next = near(next.get()).stream().filter(node -> !around.contains(node)).findFirst();
    }
    return List.copyOf(around);
  }

  /**
   * The tier of each node, the top one being 0. A path counts from its end; a tree from the node in
   * its middle; any other graph follows the order of the file if that makes each cable join two
   * tiers that are next to each other, and else counts from its best connected nodes.
   */
  Map<String, Integer> tiers() {
    if (isTree()) {
      return distances(List.of(isPath() ? firstEnd() : middle()));
    }
    Map<String, Integer> tiers = tiersOfFileOrder();
    return joinNextTiersOnly(tiers) ? narrowEndFirst(tiers) : distances(bestConnected());
  }

  /** Each node is one below the lowest of its neighbours that stand before it in the file. */
  private Map<String, Integer> tiersOfFileOrder() {
    Map<String, Integer> tiers = new LinkedHashMap<>();
    for (String node : neighbours.keySet()) {
      int above =
          near(node).stream().mapToInt(before -> tiers.getOrDefault(before, -1)).max().orElse(-1);
      tiers.put(node, above + 1);
    }
    return tiers;
  }

  private boolean joinNextTiersOnly(Map<String, Integer> tiers) {
    return neighbours.keySet().stream()
        .allMatch(
            node ->
                near(node).stream()
                    .allMatch(other -> Math.abs(tier(tiers, node) - tier(tiers, other)) == 1));
  }

  /** Few spines go above many leaves, whichever the file says first. */
  private static Map<String, Integer> narrowEndFirst(Map<String, Integer> tiers) {
    int last = tiers.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    long atTop = tiers.values().stream().filter(tier -> tier == 0).count();
    long atBottom = tiers.values().stream().filter(tier -> tier == last).count();
    if (atBottom < atTop) {
      tiers.replaceAll((node, tier) -> last - tier);
    }
    return tiers;
  }

  private static int tier(Map<String, Integer> tiers, String node) {
    return Objects.requireNonNull(tiers.get(node));
  }

  /** The node with the most neighbours, and those that have the same neighbours. */
  private List<String> bestConnected() {
    Set<String> most =
        neighbours.values().stream()
            .reduce((one, other) -> other.size() > one.size() ? other : one)
            .orElse(Set.of());
    return neighbours.keySet().stream().filter(node -> near(node).equals(most)).toList();
  }

  private String firstEnd() {
    return neighbours.keySet().stream()
        .filter(node -> near(node).size() <= 1)
        .findFirst()
        .orElseThrow();
  }

  /** The node of a tree from which the farthest is nearest; of two, the first in the file. */
  private String middle() {
    // In a tree, the node farthest from any node is at one of the two ends of the longest way.
    Map<String, Integer> fromEnd = distances(List.of(farthest(distances(List.of(firstEnd())))));
    Map<String, Integer> fromOtherEnd = distances(List.of(farthest(fromEnd)));
    return neighbours.keySet().stream()
        .min(
            Comparator.comparingInt(
                node -> Math.max(tier(fromEnd, node), tier(fromOtherEnd, node))))
        .orElseThrow();
  }

  private static String farthest(Map<String, Integer> distances) {
    return distances.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** Whether there is one way and no more from each node to each other. */
  private boolean isTree() {
    int ends = neighbours.values().stream().mapToInt(Set::size).sum();
    return !neighbours.isEmpty() && ends == 2 * (neighbours.size() - 1) && isConnected();
  }

  private boolean isConnected() {
    String first = neighbours.keySet().iterator().next();
    Map<String, Integer> reached = new LinkedHashMap<>();
    spread(List.of(first), reached);
    return reached.size() == neighbours.size();
  }

  /** How far each node is from the nearest of these; what they do not reach starts anew. */
  private Map<String, Integer> distances(Collection<String> from) {
    Map<String, Integer> distances = new LinkedHashMap<>();
    spread(from, distances);
    for (String node : neighbours.keySet()) {
      if (!distances.containsKey(node)) {
        spread(List.of(node), distances);
      }
    }
    return distances;
  }

  private void spread(Collection<String> from, Map<String, Integer> distances) {
    from.forEach(node -> distances.put(node, 0));
    Deque<String> next = new ArrayDeque<>(from);
    while (!next.isEmpty()) {
      String node = next.remove();
      int distance = tier(distances, node) + 1;
      for (String neighbour : near(node)) {
        if (distances.putIfAbsent(neighbour, distance) == null) {
          next.add(neighbour);
        }
      }
    }
  }

  /** The neighbours of a node. */
  Set<String> near(String node) {
    return Objects.requireNonNull(neighbours.get(node));
  }
}
