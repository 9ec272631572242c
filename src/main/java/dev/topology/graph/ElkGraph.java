package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Link;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** A graph as the Eclipse Layout Kernel has it. */
record ElkGraph(ElkNode root, Map<String, ElkNode> nodes) {

  static ElkGraph of(NetworkGraph graph, Map<String, Extent> extents) {
    // The kernel's option types are known to it only once this service has been asked for.
    LayoutMetaDataService.getInstance();
    ElkNode root = ElkGraphUtil.createGraph();
    Map<String, ElkNode> nodes = new LinkedHashMap<>();
    extents.forEach(
        (name, extent) -> {
          ElkNode node = ElkGraphUtil.createNode(root);
          node.setDimensions(extent.width(), extent.height());
          nodes.put(name, node);
        });
    return new ElkGraph(root, nodes);
  }

  /** Connects two nodes; from parent to child where there are such. */
  void connect(String from, String to) {
    ElkGraphUtil.createSimpleEdge(
        Objects.requireNonNull(nodes.get(from)), Objects.requireNonNull(nodes.get(to)));
  }

  /** Connects what the links connect, two nodes once at the most, and no node to itself. */
  void connect(NetworkGraph graph) {
    Shape shape = Shape.of(graph);
    for (Link link : graph.links()) {
      String left = link.left().node();
      String right = link.right().node();
      if (Objects.requireNonNull(shape.neighbours().get(left)).remove(right)) {
        Objects.requireNonNull(shape.neighbours().get(right)).remove(left);
        connect(left, right);
      }
    }
  }

  Map<String, Point> places() {
    Map<String, Point> places = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) ->
            places.put(
                name,
                new Point(node.getX() + node.getWidth() / 2, node.getY() + node.getHeight() / 2)));
    return places;
  }
}
