package dev.topology.graph;

import java.util.Map;
import java.util.Optional;

/** A way to arrange the nodes of a graph. */
sealed interface Arrangement permits Circle, Rows, Tree, Stress {

  /** The middle of each node, in pixels; about the origin or not. */
  Map<String, Point> places(NetworkGraph graph, Map<String, Extent> extents);

  /** The one that suits a graph best. */
  static Arrangement of(NetworkGraph graph) {
    Shape shape = Shape.of(graph);
    if (shape.isPath()) {
      return new Rows(shape.fromEndToEnd());
    }
    if (shape.isRing() || shape.isMesh()) {
      return new Circle(Optional.empty(), shape.aroundFromFirst());
    }
    if (shape.isTree()) {
      String root = shape.root();
      return shape.isDeepFrom(root)
          ? new Tree(root)
          : new Circle(Optional.of(root), shape.near(root).stream().toList());
    }
    return new Stress();
  }
}
