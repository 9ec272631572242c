package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Link;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where the middle of each node goes.
 *
 * @param places by node
 * @param extents how large each node is drawn
 */
record Layout(Map<String, Point> places, Map<String, Extent> extents) {

  private static final double GAP = 30;

  /** Finds a good place for each node: stretched until names and addresses have room. */
  static Layout of(NetworkGraph graph) {
    Map<String, Extent> extents = new LinkedHashMap<>();
    graph.nodes().forEach(node -> extents.put(node.name(), Extent.of(node)));
    Arrangement arrangement = Arrangement.of(graph);
    Layout raw = new Layout(arrangement.places(graph, extents), extents);
    double factor = raw.tightness(graph);
    return raw.stretched(arrangement instanceof Tree ? 1 : factor, factor);
  }

  Point place(String node) {
    return Objects.requireNonNull(places.get(node));
  }

  Extent extent(String node) {
    return Objects.requireNonNull(extents.get(node));
  }

  /** A tree has its nodes side by side already: it needs to grow downwards only. */
  private Layout stretched(double across, double down) {
    Map<String, Point> stretched = new LinkedHashMap<>();
    places.forEach(
        (node, place) -> stretched.put(node, new Point(place.x() * across, place.y() * down)));
    return new Layout(stretched, extents);
  }

  /** By how much the picture has to be larger for everything to have room; at least 1. */
  private double tightness(NetworkGraph graph) {
    List<Box> nodes = graph.nodes();
    double tightest = 1;
    for (Link link : graph.links()) {
      tightest = Math.max(tightest, tightness(link));
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (int j = 0; j < i; j++) {
        tightest = Math.max(tightest, tightness(nodes.get(i).name(), nodes.get(j).name()));
      }
    }
    return tightest;
  }

  /** The visible part of a link has to hold what is written along it. */
  private double tightness(Link link) {
    if (link.left().node().equals(link.right().node())) {
      return 1;
    }
    Point way = place(link.right().node()).minus(place(link.left().node()));
    double hidden =
        extent(link.left().node()).border(way).length()
            + extent(link.right().node()).border(way).length();
    return (LinkText.length(link) + hidden) / Math.max(1, way.length());
  }

  /** Two boxes must not touch. */
  private double tightness(String one, String other) {
    Point way = place(one).minus(place(other));
    double across = (extent(one).width() + extent(other).width()) / 2 + GAP;
    double down = (extent(one).height() + extent(other).height()) / 2 + GAP;
    return Math.min(across / Math.max(1, Math.abs(way.x())), down / Math.max(1, Math.abs(way.y())));
  }

  /** The corners of all boxes, the top left one first. */
  Stream<Point> corners() {
    return places.entrySet().stream()
        .flatMap(
            entry -> {
              Extent extent = extent(entry.getKey());
              Point half = new Point(extent.width() / 2, extent.height() / 2);
              return Stream.of(entry.getValue().minus(half), entry.getValue().plus(half));
            });
  }
}
