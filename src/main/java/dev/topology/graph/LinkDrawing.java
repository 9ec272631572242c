package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Plug;
import java.util.stream.Stream;

/** Draws one cable, with the names and addresses of its ends written along it. */
final class LinkDrawing {

  /** How far a text stands from the line, in pixels. */
  private static final double ABOVE = -4;

  private static final double BELOW = 12;
  private static final double LINE = 11;
  private static final double LOOP = 70;

  private final Layout layout;
  private final SvgText svg;
  private final Link link;
  private final double aside;

  LinkDrawing(Layout layout, SvgText svg, Link link, double aside) {
    this.layout = layout;
    this.svg = svg;
    this.link = link;
    this.aside = aside;
  }

  void draw() {
    Point left = layout.place(link.left().node());
    Point right = layout.place(link.right().node());
    if (left.equals(right)) {
      drawLoop();
      return;
    }
    Point across = right.minus(left).unit().across().times(aside);
    Point start = left.plus(across);
    Point end = right.plus(across);
    svg.line(kind(), start, end);
    Point way = end.minus(start);
    write(link.left(), start.plus(border(link.left(), way, across)), way);
    Point back = way.times(-1);
    write(link.right(), end.plus(border(link.right(), back, across)), back);
    note(start.plus(way.times(0.5)), way);
  }

  /**
   * Where the line leaves the box of a plug: seen from the line's end, which is beside the middle.
   */
  private Point border(Plug plug, Point way, Point across) {
    Extent extent = layout.extent(plug.node());
    Point unit = way.unit();
    double toSide = distance(extent.width() / 2, across.x(), unit.x());
    double toTop = distance(extent.height() / 2, across.y(), unit.y());
    return unit.times(Math.max(0, Math.min(toSide, toTop)));
  }

  private static double distance(double half, double from, double direction) {
    return direction == 0 ? Double.MAX_VALUE : (Math.signum(direction) * half - from) / direction;
  }

  /** The text of an end starts at the border of its node and runs along the line. */
  private void write(Plug plug, Point border, Point way) {
    boolean forward = way.x() >= 0;
    double degrees = Math.toDegrees(Math.atan2(way.y(), way.x())) + (forward ? 0 : 180);
    Point start = border.plus(way.unit().times(LinkText.MARGIN));
    String anchor = forward ? "start" : "end";
    svg.along(anchor, start, degrees, ABOVE, "interface", plug.interfaceName());
    for (int i = 0; i < plug.addresses().size(); i++) {
      svg.along(anchor, start, degrees, BELOW + i * LINE, "address", plug.addresses().get(i));
    }
  }

  private void note(Point middle, Point way) {
    String text = link.isCut() ? (link.note() + " cut").strip() : link.note();
    if (!text.isEmpty()) {
      double degrees = Math.toDegrees(Math.atan2(way.y(), way.x()));
      boolean upright = way.x() >= 0;
      svg.along("middle", middle, degrees + (upright ? 0 : 180), ABOVE, "note", text);
    }
  }

  /** The corners of what a cable from a node to itself needs above its node, if it is one. */
  static Stream<Point> corners(Layout layout, Link link, double aside) {
    String node = link.left().node();
    if (!node.equals(link.right().node())) {
      return Stream.empty();
    }
    double half = words(link).length() * LinkText.LETTER / 2;
    Point top = top(layout, node).minus(new Point(0, reach(aside)));
    return Stream.of(top.minus(new Point(half, 0)), top.plus(new Point(half, 0)));
  }

  private static Point top(Layout layout, String node) {
    return layout.place(node).minus(new Point(0, layout.extent(node).height() / 2));
  }

  private static double reach(double aside) {
    return LOOP + Math.abs(aside);
  }

  private static String words(Link link) {
    return link.left().interfaceName() + " – " + link.right().interfaceName();
  }

  private void drawLoop() {
    Point top = top(layout, link.left().node());
    double reach = reach(aside);
    svg.loop(kind(), top, reach);
    svg.along("middle", top.minus(new Point(0, reach * 0.75)), 0, ABOVE, "interface", words(link));
  }

  private String kind() {
    return link.isCut() ? "cable cut" : link.note().isEmpty() ? "cable" : "cable shaped";
  }
}
