package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.NodeBox;
import dev.topology.graph.Picture.Anchor;
import dev.topology.graph.Picture.Area;
import dev.topology.graph.Picture.Label;
import dev.topology.graph.Picture.Point;
import dev.topology.graph.Picture.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Nodes on an ellipse, clockwise, cables as straight lines between them. The ellipse is as small as
 * the texts allow: each is put beside its line, as near to its node as there is space.
 */
final class RingLayout {

  /** How far the ellipse is stretched from left to right: screens are wide. */
  private static final double STRETCH = 1.5;

  private static final double FIRST_RADIUS = 90;
  private static final double GROWTH = 1.1;
  private static final double STEP = 6;
  private static final double DETOUR = 42;

  private final NetworkGraph graph;
  private final Adjacency adjacency;
  private final List<String> around;
  private final Map<String, Area> sizes = new LinkedHashMap<>();

  RingLayout(NetworkGraph graph, Adjacency adjacency) {
    this.graph = graph;
    this.adjacency = adjacency;
    this.around = adjacency.aroundFromFirst();
    for (NodeBox node : graph.nodes()) {
      sizes.put(node.name(), Picture.size(node));
    }
  }

  Picture picture() {
    double radius = FIRST_RADIUS;
    Optional<Picture> picture = attempt(radius);
    while (picture.isEmpty()) {
      radius *= GROWTH;
      picture = attempt(radius);
    }
    return picture.get();
  }

  /** The picture at this size, unless something has no space. */
  private Optional<Picture> attempt(double radius) {
    Map<String, Area> boxes = boxes(radius);
    Space space = new Space();
    if (!boxes.values().stream().allMatch(space::take)) {
      return Optional.empty();
    }
    List<Route> routes = new ArrayList<>();
    for (CableLine cable : graph.cables()) {
      Optional<Route> route = route(cable, boxes, space);
      if (route.isEmpty()) {
        return Optional.empty();
      }
      routes.add(route.get());
    }
    return Optional.of(new Picture(boxes, routes));
  }

  private Map<String, Area> boxes(double radius) {
    Map<String, Area> boxes = new LinkedHashMap<>();
    double step = 2 * Math.PI / around.size();
    // An even ring has a side at the top, an odd one a node.
    double first = -Math.PI / 2 - (around.size() % 2 == 0 ? step / 2 : 0);
    for (int i = 0; i < around.size(); i++) {
      double angle = first + i * step;
      Point middle = new Point(STRETCH * radius * Math.cos(angle), radius * Math.sin(angle));
      boxes.put(around.get(i), Objects.requireNonNull(sizes.get(around.get(i))).around(middle));
    }
    return boxes;
  }

  private Optional<Route> route(CableLine cable, Map<String, Area> boxes, Space space) {
    Point start = Objects.requireNonNull(boxes.get(cable.left().node())).middle();
    Point end = Objects.requireNonNull(boxes.get(cable.right().node())).middle();
    Optional<Area> noteSize = Picture.noteSize(cable);
    Optional<Area> note = noteSize.flatMap(size -> note(size, start, end, space));
    if (note.isPresent() != noteSize.isPresent()) {
      return Optional.empty();
    }
    Optional<Label> left = label(cable.left(), start, end, boxes, space);
    Optional<Label> right = label(cable.right(), end, start, boxes, space);
    return left.isPresent() && right.isPresent()
        ? Optional.of(new Route(cable, List.of(start, end), left.get(), right.get(), note))
        : Optional.empty();
  }

  /** The first free place for a note, on the line: as near to its middle as there is space. */
  private static Optional<Area> note(Area size, Point start, Point end, Space space) {
    return IntStream.rangeClosed(0, 8)
        .mapToObj(step -> size.around(between(start, end, 0.5 + (step % 2 - 0.5) * step * 0.06)))
        .filter(space::take)
        .findFirst();
  }

  /** The first free place for the text of an end: on either side of its half of the line. */
  private Optional<Label> label(
      LineEnd end, Point from, Point to, Map<String, Area> boxes, Space space) {
    Area size = Picture.size(end);
    List<Point> targets =
        adjacency.near(end.node()).stream()
            .map(node -> Objects.requireNonNull(boxes.get(node)).middle())
            .toList();
    double length = Math.hypot(to.x() - from.x(), to.y() - from.y());
    // Across the line, first away from the middle of the ellipse.
    double acrossX = (to.y() - from.y()) / length;
    double acrossY = (from.x() - to.x()) / length;
    boolean isOutwards = acrossX * (from.x() + to.x()) + acrossY * (from.y() + to.y()) >= 0;
    double aside = Math.abs(acrossX) * size.width() / 2 + Math.abs(acrossY) * size.height() / 2 + 2;
    double outwards = isOutwards ? 1 : -1;
    for (double way = 0; way < length / 2; way += STEP) {
      // Inside if that is nearer to the node by more than the detour.
      for (double side : way < DETOUR ? List.of(outwards) : List.of(outwards, -outwards)) {
        Point onLine = between(from, to, (side == outwards ? way : way - DETOUR) / length);
        Area area =
            size.around(
                new Point(
                    onLine.x() + side * aside * acrossX, onLine.y() + side * aside * acrossY));
        if (targets.stream().noneMatch(it -> area.isCrossedBy(from, it)) && space.take(area)) {
          return Optional.of(new Label(area, anchor(side * acrossX)));
        }
      }
    }
    return Optional.empty();
  }

  /** The text stays beside its line whatever its font. */
  private static Anchor anchor(double across) {
    if (Math.abs(across) < 0.3) {
      return Anchor.MIDDLE;
    }
    return across > 0 ? Anchor.START : Anchor.END;
  }

  private static Point between(Point one, Point other, double share) {
    return new Point(
        one.x() + (other.x() - one.x()) * share, one.y() + (other.y() - one.y()) * share);
  }

  /** What is taken of the picture's space. */
  private static final class Space {

    private final List<Area> taken = new ArrayList<>();

    /** Takes an area if it is free. */
    boolean take(Area area) {
      if (taken.stream().anyMatch(area::isNear)) {
        return false;
      }
      taken.add(area);
      return true;
    }
  }
}
