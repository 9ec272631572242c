package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Link;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Spreads cables between the same two nodes, so that none hides another. */
final class LinkFan {

  private static final double STEP = 44;

  private final IdentityHashMap<Link, Double> offsets = new IdentityHashMap<>();

  LinkFan(List<Link> links) {
    Map<Set<String>, List<Link>> beside =
        links.stream()
            .collect(
                Collectors.groupingBy(
                    link -> Set.copyOf(List.of(link.left().node(), link.right().node())),
                    LinkedHashMap::new,
                    Collectors.toList()));
    beside.values().forEach(this::spread);
  }

  private void spread(List<Link> links) {
    for (int i = 0; i < links.size(); i++) {
      offsets.put(links.get(i), (i - (links.size() - 1) / 2.0) * STEP);
    }
  }

  /**
   * How far aside a cable runs, in pixels; with the same sign on the same side, whichever end comes
   * first.
   */
  double offset(Link link) {
    double offset = offsets.getOrDefault(link, 0.0);
    return link.left().node().compareTo(link.right().node()) <= 0 ? offset : -offset;
  }
}
