package dev.topology.language.starter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The network of a starter file: nodes by name, the cables between them, which nodes forward
 * packets, what they run. Filled by a {@link Shape}; used by one thread.
 */
final class Sketch {

  /** A cable between two nodes. */
  record Cable(String left, String right) {

    boolean joins(String node) {
      return left.equals(node) || right.equals(node);
    }

    String other(String node) {
      return left.equals(node) ? right : left;
    }
  }

  /**
   * An entry of {@code cables}: one pattern.
   *
   * @param name {@code line}, {@code ring}, {@code mesh} or {@code star}
   * @param hub the node in the middle of a star
   * @param nodes in order
   */
  record Pattern(String name, Optional<String> hub, List<String> nodes) {

    Pattern {
      nodes = List.copyOf(nodes);
    }
  }

  private final String story;
  private final Set<String> nodes = new LinkedHashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();
  private final Set<String> routers = new LinkedHashSet<>();
  private final Map<String, String> up = new HashMap<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>();

  /**
   * An empty one.
   *
   * @param story what the network is and does, in one or more sentences
   */
  Sketch(String story) {
    this.story = story;
  }

  Sketch node(String name) {
    nodes.add(name);
    return this;
  }

  /** Adds several of the same: {@code leaf-1}, {@code leaf-2} and so on. */
  Sketch copies(String name, int count) {
    counts.put(name, count);
    return node(name);
  }

  Sketch router(String name) {
    routers.add(name);
    return node(name);
  }

  Sketch cable(String left, String right) {
    cables.add(new Cable(left, right));
    return this;
  }

  /** Cables each node to the next. */
  Sketch line(List<String> chain) {
    for (int at = 1; at < chain.size(); at++) {
      cable(chain.get(at - 1), chain.get(at));
    }
    return pattern("line", chain);
  }

  /** Cables each node to the next, and the last to the first. */
  Sketch ring(List<String> around) {
    for (int at = 0; at < around.size(); at++) {
      cable(around.get(at), around.get((at + 1) % around.size()));
    }
    return pattern("ring", around);
  }

  /** Cables a hub to each leaf. */
  Sketch star(String hub, List<String> leaves) {
    leaves.forEach(leaf -> cable(hub, leaf));
    patterns.add(new Pattern("star", Optional.of(hub), leaves));
    return this;
  }

  /** Cables nodes as the file says it; {@code leaf-*} is all copies of a node. */
  Sketch pattern(String name, List<String> members) {
    patterns.add(new Pattern(name, Optional.empty(), members));
    return this;
  }

  /** Makes a neighbour the default gateway of a node. */
  Sketch up(String node, String neighbour) {
    up.put(node, neighbour);
    return this;
  }

  Sketch command(String node, String... lines) {
    commands.put(node, List.of(lines));
    return this;
  }

  /** Has one node trace the route to another, and ping it. */
  Sketch visit(String from, String to) {
    return command(from, "traceroute -n -q 1 -w 2 " + to, "ping -c 3 " + to);
  }

  String story() {
    return story;
  }

  List<String> nodes() {
    return List.copyOf(nodes);
  }

  /** How many there are of a node; empty if it is there once, under its own name. */
  Optional<Integer> count(String node) {
    return Optional.ofNullable(counts.get(node));
  }

  /** The patterns that the cables are written as; none if each cable is written alone. */
  List<Pattern> patterns() {
    return List.copyOf(patterns);
  }

  List<Cable> cables() {
    return List.copyOf(cables);
  }

  List<Cable> cablesOf(String node) {
    return cables.stream().filter(it -> it.joins(node)).toList();
  }

  /** Whether there is a router, so that addresses and routes have to be written. */
  boolean isRouted() {
    return !routers.isEmpty();
  }

  boolean isRouter(String node) {
    return routers.contains(node);
  }

  boolean areAllRouters() {
    return routers.containsAll(nodes);
  }

  /** The neighbour that is the default gateway, or the empty text. */
  String up(String node) {
    return up.getOrDefault(node, "");
  }

  /** The lines of the command of a node; none if it has none. */
  List<String> command(String node) {
    return commands.getOrDefault(node, List.of());
  }

  /**
   * The static routes that make every node reach every cable along a shortest way. They name the
   * addresses that cables get without any in the file: the first 10.64.0.0 at its left end and
   * 10.64.0.1 at its right, which are the network 10.64.0.0/31; the next one 10.64.0.2/31.
   *
   * <p>Each hop of a shortest way is nearer to its end than the one before, so that routes never
   * lead in a circle, whichever of several shortest ways each node takes: the one by its first
   * cable.
   */
  static final class Routes {

    private final Sketch sketch;
    private final List<Sketch.Cable> cables;
    private final Map<String, Map<String, Integer>> distances = new HashMap<>();

    Routes(Sketch sketch) {
      this.sketch = sketch;
      this.cables = sketch.cables();
    }

    private String address(int cable, String node) {
      return address(2 * cable + (cables.get(cable).left().equals(node) ? 0 : 1));
    }

    /**
     * The routes of a node, destination to gateway; what lies upwards is one route, the default.
     */
    Map<String, String> of(String node) {
      Map<String, String> routes = new LinkedHashMap<>();
      for (int target = 0; target < cables.size(); target++) {
        if (!cables.get(target).joins(node)) {
          int first = firstCable(node, cables.get(target));
          String neighbour = cables.get(first).other(node);
          String destination =
              neighbour.equals(sketch.up(node)) ? "default" : address(2 * target) + "/31";
          routes.put(destination, address(first, neighbour));
        }
      }
      return routes;
    }

    /** The node's own cable on which a shortest way to that other cable starts. */
    private int firstCable(String node, Sketch.Cable target) {
      int best = -1;
      for (int at = 0; at < cables.size(); at++) {
        boolean isNearer =
            cables.get(at).joins(node)
                && (best < 0
                    || distance(cables.get(at).other(node), target)
                        < distance(cables.get(best).other(node), target));
        best = isNearer ? at : best;
      }
      return best;
    }

    private int distance(String node, Sketch.Cable target) {
      Map<String, Integer> from = distances.computeIfAbsent(node, this::distancesFrom);
      return Math.min(
          Objects.requireNonNull(from.get(target.left())),
          Objects.requireNonNull(from.get(target.right())));
    }

    /** How many cables away each node is: a breadth-first search. */
    private Map<String, Integer> distancesFrom(String start) {
      Map<String, Integer> found = new HashMap<>(Map.of(start, 0));
      Deque<String> next = new ArrayDeque<>(List.of(start));
      while (!next.isEmpty()) {
        String node = next.remove();
        int beyond = Objects.requireNonNull(found.get(node)) + 1;
        for (Sketch.Cable cable : sketch.cablesOf(node)) {
          if (found.putIfAbsent(cable.other(node), beyond) == null) {
            next.add(cable.other(node));
          }
        }
      }
      return found;
    }

    private static String address(int number) {
      return "10.64." + number / 256 + "." + number % 256;
    }
  }
}
