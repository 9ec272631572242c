package dev.topology.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes on a circle, clockwise from the top.
 *
 * @param middle the node that the others stand around, if there is one
 */
record Circle(Optional<String> middle, List<String> around) implements Arrangement {

  private static final double RADIUS = 150;

  @Override
  public Map<String, Point> places(NetworkGraph graph, Map<String, Extent> extents) {
    Map<String, Point> places = new LinkedHashMap<>();
    middle.ifPresent(node -> places.put(node, Point.ORIGIN));
    double step = 2 * Math.PI / Math.max(1, around.size());
    for (int i = 0; i < around.size(); i++) {
      places.put(around.get(i), new Point(0, -RADIUS).turned(i * step));
    }
    return places;
  }
}
