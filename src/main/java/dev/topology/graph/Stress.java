package dev.topology.graph;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.elk.alg.force.options.StressOptions;
import org.eclipse.elk.alg.force.stress.StressLayoutProvider;
import org.eclipse.elk.core.util.BasicProgressMonitor;

/**
 * Any graph: as if every two nodes were held by a spring as long as the way between them, then
 * turned so that it is wider than high.
 */
record Stress() implements Arrangement {

  private static final double SPRING = 220;

  @Override
  public Map<String, Point> places(NetworkGraph graph, Map<String, Extent> extents) {
    ElkGraph elk = ElkGraph.of(graph, extents);
    elk.connect(graph);
    elk.root().setProperty(StressOptions.DESIRED_EDGE_LENGTH, SPRING);
    elk.root().setProperty(StressOptions.EPSILON, 1e-6);
    elk.root().setProperty(StressOptions.ITERATION_LIMIT, 2000);
    new StressLayoutProvider().layout(elk.root(), new BasicProgressMonitor());
    return lyingDown(elk.places());
  }

  /** Turned about its middle so that it stretches farthest from left to right. */
  private static Map<String, Point> lyingDown(Map<String, Point> places) {
    Point middle = middle(places.values());
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (Point place : places.values()) {
      Point away = place.minus(middle);
      xx += away.x() * away.x();
      xy += away.x() * away.y();
      yy += away.y() * away.y();
    }
    // The direction of the larger principal axis of the cloud of points.
    double angle = Math.atan2(2 * xy, xx - yy) / 2;
    Map<String, Point> turned = new LinkedHashMap<>();
    places.forEach((node, place) -> turned.put(node, place.minus(middle).turned(-angle)));
    return turned;
  }

  private static Point middle(Collection<Point> places) {
    return places.stream()
        .reduce(Point.ORIGIN, Point::plus)
        .times(1.0 / Math.max(1, places.size()));
  }
}
