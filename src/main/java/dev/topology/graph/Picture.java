package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.NodeBox;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where everything in a picture is, in pixels; y grows downwards. Any place may be negative.
 *
 * @param boxes of the nodes, by name
 * @param routes of the cables, in the order of the file
 * @param machines the areas of the machines, by name
 */
record Picture(Map<String, Area> boxes, List<Route> routes, Map<String, Area> machines) {

  /** Without machines. */
  Picture(Map<String, Area> boxes, List<Route> routes) {
    this(boxes, routes, Map.of());
  }

  /** The space between two things that must not touch. */
  static final double GAP = 6;

  /** The space for the name of a machine, at the top of its area. */
  static final double MACHINE_HEAD = 44;

  static final double NAME_LINE = 20;
  static final double DETAIL_LINE = 15;
  static final double LABEL_LINE = 12;

  // Widths of letters are estimates: the fonts of the reader are not known here.
  private static final double NAME_LETTER = 8.8;
  private static final double DETAIL_LETTER = 6.4;
  private static final double LABEL_LETTER = 6;

  private static final double PADDING = 14;

  /** A place. */
  record Point(double x, double y) {}

  /** A rectangle, by its top left corner. */
  record Area(double x, double y, double width, double height) {

    Point middle() {
      return new Point(x + width / 2, y + height / 2);
    }

    /** The same size around another middle. */
    Area around(Point middle) {
      return new Area(middle.x() - width / 2, middle.y() - height / 2, width, height);
    }

    /** The same size in the bottom left corner of another area. */
    Area atBottomOf(Area other) {
      return new Area(other.x, other.y + other.height - height, width, height);
    }

    /** Whether the straight line that starts at a point and goes through another crosses it. */
    boolean isCrossedBy(Point start, Point through) {
      double x = through.x - start.x;
      double y = through.y - start.y;
      double ahead = x * (middle().x - start.x) + y * (middle().y - start.y);
      double aside = y * (middle().x - start.x) - x * (middle().y - start.y);
      return Math.abs(aside) < (Math.abs(y) * width + Math.abs(x) * height) / 2
          && ahead > -(Math.abs(x) * width + Math.abs(y) * height) / 2;
    }

    /** Whether the two overlap or almost touch. */
    boolean isNear(Area other) {
      return x < other.x + other.width + GAP
          && other.x < x + width + GAP
          && y < other.y + other.height + GAP
          && other.y < y + height + GAP;
    }
  }

  /** Which side of a text stays where it is if its font is wider or narrower than estimated. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** The space for the text of one end of a cable. */
  record Label(Area area, Anchor anchor) {}

  /**
   * How a cable is drawn.
   *
   * @param points the line, from one end to the other
   * @param left the text of the cable's left end
   * @param right the text of its right end
   * @param note the space for its note; empty if it has none
   */
  record Route(CableLine cable, List<Point> points, Label left, Label right, Optional<Area> note) {}

  /** Lays a graph out: a ring and a full mesh on an ellipse, anything else in tiers. */
  static Picture of(NetworkGraph graph) {
    Adjacency adjacency = Adjacency.of(graph);
    boolean isRound = adjacency.isRing() || adjacency.isMesh();
    return isRound && graph.machines().isEmpty()
        ? new RingLayout(graph, adjacency).picture()
        : new TierLayout(graph, adjacency).picture();
  }

  Area box(String node) {
    return Objects.requireNonNull(boxes.get(node));
  }

  /** The smallest rectangle that everything is in. */
  Area bounds() {
    List<Point> corners =
        Stream.concat(
                Stream.concat(areas(), routes.stream().flatMap(Picture::labels))
                    .flatMap(
                        it ->
                            Stream.of(
                                new Point(it.x(), it.y()),
                                new Point(it.x() + it.width(), it.y() + it.height()))),
                routes.stream().flatMap(route -> route.points().stream()))
            .toList();
    double left = corners.stream().mapToDouble(Point::x).min().orElse(0);
    double top = corners.stream().mapToDouble(Point::y).min().orElse(0);
    double right = corners.stream().mapToDouble(Point::x).max().orElse(0);
    double bottom = corners.stream().mapToDouble(Point::y).max().orElse(0);
    return new Area(left, top, right - left, bottom - top);
  }

  private Stream<Area> areas() {
    return Stream.concat(boxes.values().stream(), machines.values().stream());
  }

  private static Stream<Area> labels(Route route) {
    return Stream.concat(
        Stream.of(route.left().area(), route.right().area()), route.note().stream());
  }

  /** How much space a node needs for its text, at no place in particular. */
  static Area size(NodeBox node) {
    List<String> details = node.lines().subList(1, node.lines().size());
    double name = node.name().length() * NAME_LETTER;
    double widest = details.stream().mapToDouble(it -> it.length() * DETAIL_LETTER).max().orElse(0);
    return new Area(
        0,
        0,
        Math.max(64, Math.max(name, widest) + 2 * PADDING),
        Math.max(40, NAME_LINE + details.size() * DETAIL_LINE + PADDING));
  }

  /** How much space the text of an end needs. */
  static Area size(LineEnd end) {
    return size(end.lines());
  }

  /** How much space a cable's note needs, if it has one. */
  static Optional<Area> noteSize(CableLine cable) {
    return cable.middleText().isEmpty()
        ? Optional.empty()
        : Optional.of(size(List.of(cable.middleText())));
  }

  private static Area size(List<String> lines) {
    int letters = lines.stream().mapToInt(String::length).max().orElse(0);
    return new Area(0, 0, letters * LABEL_LETTER + GAP, lines.size() * LABEL_LINE + 4);
  }
}
