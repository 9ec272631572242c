package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Link;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/** A picture of a topology as SVG 1.1, complete in itself: no script, no font, nothing to fetch. */
public final class SvgDrawing {

  private static final double MARGIN = 24;
  private static final double TITLE = 30;

  private final NetworkGraph graph;
  private final Layout layout;
  private final SvgText svg = new SvgText();

  private SvgDrawing(NetworkGraph graph) {
    this.graph = graph;
    this.layout = Layout.of(graph);
  }

  /** Draws a graph. The same graph gives the same bytes. */
  public static String of(NetworkGraph graph) {
    return new SvgDrawing(graph).draw();
  }

  private String draw() {
    LinkFan fan = new LinkFan(graph.links());
    Point least = corner(fan, Math::min);
    Point most = corner(fan, Math::max);
    double width = most.x() - least.x() + 2 * MARGIN;
    double height = most.y() - least.y() + 2 * MARGIN + TITLE;
    svg.open(width, height, graph.name());
    svg.group(new Point(MARGIN, MARGIN + TITLE).minus(least));
    for (Link link : graph.links()) {
      new LinkDrawing(layout, svg, link, fan.offset(link)).draw();
    }
    graph.nodes().forEach(this::draw);
    return svg.close();
  }

  private Point corner(LinkFan fan, DoubleBinaryOperator choice) {
    Stream<Point> loops =
        graph.links().stream().flatMap(link -> LinkDrawing.corners(layout, link, fan.offset(link)));
    return Stream.concat(layout.corners(), loops)
        .reduce(
            (one, other) ->
                new Point(
                    choice.applyAsDouble(one.x(), other.x()),
                    choice.applyAsDouble(one.y(), other.y())))
        .orElse(Point.ORIGIN);
  }

  private void draw(Box node) {
    Point place = layout.place(node.name());
    Extent extent = layout.extent(node.name());
    Point corner = place.minus(new Point(extent.width() / 2, extent.height() / 2));
    String mood = node.condition().map(Condition::mood).map(it -> " " + word(it)).orElse("");
    svg.box("node" + mood, corner, extent);
    List<String> details = Extent.details(node).toList();
    double top = place.y() - (Extent.NAME_LINE + details.size() * Extent.DETAIL_LINE) / 2 + 15;
    svg.text("name", new Point(place.x(), top), node.name());
    for (int i = 0; i < details.size(); i++) {
      boolean isCondition = i == 0 && node.condition().isPresent();
      svg.text(
          isCondition ? "condition" + mood : "detail",
          new Point(place.x(), top + (i + 1) * Extent.DETAIL_LINE),
          details.get(i));
    }
  }

  private static String word(NetworkGraph.Mood mood) {
    return mood.name().toLowerCase(Locale.ROOT);
  }
}
