package dev.topology.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A line of nodes: one row, or as many as make a long one fit on a screen, like a ribbon. */
record Rows(List<String> order) implements Arrangement {

  private static final int ONE_ROW = 6;
  private static final double STEP = 100;

  @Override
  public Map<String, Point> places(NetworkGraph graph, Map<String, Extent> extents) {
    int columns = order.size() <= ONE_ROW ? order.size() : (int) Math.ceil(Math.sqrt(order.size()));
    Map<String, Point> places = new LinkedHashMap<>();
    for (int i = 0; i < order.size(); i++) {
      int row = i / columns;
      int column = row % 2 == 0 ? i % columns : columns - 1 - i % columns;
      places.put(order.get(i), new Point(column * STEP, row * STEP));
    }
    return places;
  }
}
