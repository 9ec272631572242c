package dev.topology.language.starter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The static routes that make every node reach every cable along a shortest way. They name the
 * addresses that cables get without any in the file: the first 10.64.0.0 at its left end and
 * 10.64.0.1 at its right, which are the network 10.64.0.0/31; the next one 10.64.0.2/31.
 *
 * <p>Each hop of a shortest way is nearer to its end than the one before, so that routes never lead
 * in a circle, whichever of several shortest ways each node takes: the one by its first cable.
 */
final class Routes {

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

  /** The routes of a node, destination to gateway; what lies upwards is one route, the default. */
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
