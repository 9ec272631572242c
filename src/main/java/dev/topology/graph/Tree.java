package dev.topology.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.elk.alg.mrtree.TreeLayoutProvider;
import org.eclipse.elk.alg.mrtree.options.MrTreeOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.util.BasicProgressMonitor;

/** A tree, its root at the top. */
record Tree(String root) implements Arrangement {

  private static final double SIBLINGS = 40;

  @Override
  public Map<String, Point> places(NetworkGraph graph, Map<String, Extent> extents) {
    ElkGraph elk = ElkGraph.of(graph, extents);
    connectDownwards(elk, Shape.of(graph));
    elk.root().setProperty(MrTreeOptions.DIRECTION, Direction.DOWN);
    elk.root().setProperty(MrTreeOptions.SPACING_NODE_NODE, SIBLINGS);
    new TreeLayoutProvider().layout(elk.root(), new BasicProgressMonitor());
    return elk.places();
  }

  private void connectDownwards(ElkGraph elk, Shape shape) {
    Set<String> seen = new HashSet<>(Set.of(root));
    Deque<String> next = new ArrayDeque<>(List.of(root));
    while (!next.isEmpty()) {
      String parent = next.remove();
      for (String child : Objects.requireNonNull(shape.neighbours().get(parent))) {
        if (seen.add(child)) {
          elk.connect(parent, child);
          next.add(child);
        }
      }
    }
  }
}
