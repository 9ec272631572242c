package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import java.util.stream.Stream;

/** How large a node is drawn, in pixels. */
record Extent(double width, double height) {

  /** How wide a letter is taken to be; widths of the reader's fonts are not known here. */
  static final double NAME_LETTER = 8.8;

  static final double DETAIL_LETTER = 6.4;

  static final double NAME_LINE = 20;
  static final double DETAIL_LINE = 15;

  private static final double PADDING = 14;
  private static final double DOT = 16;

  static Extent of(Box node) {
    double name = node.name().length() * NAME_LETTER + (node.condition().isPresent() ? DOT : 0);
    double details =
        details(node).mapToDouble(line -> line.length() * DETAIL_LETTER).max().orElse(0);
    double height = NAME_LINE + details(node).count() * DETAIL_LINE;
    return new Extent(
        Math.max(64, Math.max(name, details) + 2 * PADDING), Math.max(40, height + PADDING));
  }

  /** What stands below a node's name. */
  static Stream<String> details(Box node) {
    return Stream.concat(
        node.condition().map(NetworkGraph.Condition::word).stream(), node.details().stream());
  }

  /** Where the way from the middle in a direction leaves the box, as seen from the middle. */
  Point border(Point direction) {
    Point unit = direction.unit();
    double horizontally = unit.x() == 0 ? Double.MAX_VALUE : width / 2 / Math.abs(unit.x());
    double vertically = unit.y() == 0 ? Double.MAX_VALUE : height / 2 / Math.abs(unit.y());
    return unit.times(Math.min(horizontally, vertically));
  }
}
