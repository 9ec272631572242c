package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.NodeBox;
import dev.topology.graph.Picture.Area;
import dev.topology.graph.Picture.Label;
import dev.topology.graph.Picture.Point;
import dev.topology.graph.Picture.Route;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A picture of a topology as SVG 1.1, complete in itself: no script, no font, nothing to fetch. */
public final class SvgDrawing {

  private static final double MARGIN = 24;
  private static final double TITLE = 30;

  private static final String STYLE =
      """
        <style>
          text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2933; }
          .title { font-size: 18px; font-weight: 600; }
          .machine { fill: #fbfbfd; stroke: #9aa7b4; stroke-dasharray: 8 4; }
          .machine-name { font-size: 12px; font-weight: 600; fill: #52667a; }
          .node { fill: #f4f7fb; stroke: #52667a; stroke-width: 1.5; }
          .node.well { fill: #e9f7ef; stroke: #1e8449; }
          .node.waiting { fill: #fef6e4; stroke: #b9770e; }
          .node.failed { fill: #fdecea; stroke: #c0392b; }
          .node.gone { fill: #f0f0f0; stroke: #909497; stroke-dasharray: 4 3; }
          .node.switch { fill: #eef0fb; stroke: #4b5fae; }
          .node.outside { fill: #ffffff; stroke-dasharray: 2 3; }
          .name { font-size: 15px; font-weight: 600; }
          .detail, .condition { font-size: 11px; fill: #52667a; }
          .condition.well { fill: #1e8449; }
          .condition.waiting { fill: #b9770e; }
          .condition.failed { fill: #c0392b; }
          .cable { fill: none; stroke: #52667a; stroke-width: 2; stroke-linejoin: round; }
          .cable.shaped { stroke: #b9770e; }
          .cable.cut { stroke: #c0392b; stroke-dasharray: 6 5; }
          .interface, .address, .note { font-size: 10.5px; }
          .address { fill: #52667a; }
          .note { fill: #b9770e; font-weight: 600; }
          .interface, .address, .note { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }
        </style>
      """;

  private final NetworkGraph graph;
  private final Picture picture;
  private final StringBuilder svg = new StringBuilder();

  private SvgDrawing(NetworkGraph graph) {
    this.graph = graph;
    this.picture = Picture.of(graph);
  }

  /** Draws a graph. The same graph gives the same bytes. */
  public static String of(NetworkGraph graph) {
    return new SvgDrawing(graph).draw();
  }

  private String draw() {
    Area bounds = picture.bounds();
    open(bounds.width() + 2 * MARGIN, bounds.height() + 2 * MARGIN + TITLE);
    append("  <g transform=\"translate(%s", MARGIN - bounds.x());
    append(" %s)\">\n", MARGIN + TITLE - bounds.y());
    picture.machines().forEach(this::machine);
    picture.routes().forEach(this::line);
    graph.nodes().forEach(this::draw);
    picture.routes().forEach(this::texts);
    return svg.append("  </g>\n</svg>\n").toString();
  }

  private void open(double width, double height) {
    String title = escaped(graph.name());
    append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\"", width, height);
    append(" viewBox=\"0 0 %s %s\" role=\"img\">\n", width, height);
    append("  <title>%s</title>\n", title);
    svg.append(STYLE);
    svg.append("  <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    append("  <text class=\"title\" x=\"24\" y=\"34\">%s</text>\n", title);
  }

  private void machine(String name, Area area) {
    append("    <rect class=\"machine\" x=\"%s\" y=\"%s\"", area.x(), area.y());
    append(" width=\"%s\" height=\"%s\" rx=\"6\"/>\n", area.width(), area.height());
    text("machine-name", "start", area.x() + 10, area.y() + 19, name);
  }

  private void draw(NodeBox node) {
    Area box = picture.box(node.name());
    String health = node.condition().map(Condition::health).map(it -> " " + word(it)).orElse("");
    String kind = node.kind() == NodeBox.Kind.NODE ? health : " " + word(node.kind());
    append("    <rect class=\"node%s\" x=\"%s\" y=\"%s\"", kind, box.x(), box.y());
    append(" width=\"%s\" height=\"%s\"", box.width(), box.height());
    append(" rx=\"%s\"/>\n", node.kind() == NodeBox.Kind.SWITCH ? box.height() / 2 : 6.0);
    List<String> lines = node.lines();
    double x = box.middle().x();
    double height = Picture.NAME_LINE + (lines.size() - 1) * Picture.DETAIL_LINE;
    double top = box.middle().y() - height / 2 + 15;
    text("name", "middle", x, top, lines.get(0));
    for (int i = 1; i < lines.size(); i++) {
      boolean isCondition = i == 1 && node.condition().isPresent();
      text(
          isCondition ? "condition" + health : "detail",
          "middle",
          x,
          top + i * Picture.DETAIL_LINE,
          lines.get(i));
    }
  }

  private void line(Route route) {
    CableLine cable = route.cable();
    String kind = cable.isCut() ? "cable cut" : cable.note().isEmpty() ? "cable" : "cable shaped";
    String path =
        route.points().stream().map(SvgDrawing::written).collect(Collectors.joining(" L "));
    append("    <path class=\"%s\" d=\"M %s\"/>\n", kind, path);
  }

  private void texts(Route route) {
    texts(route.cable().left(), route.left());
    texts(route.cable().right(), route.right());
    route.note().ifPresent(area -> note(area, route.cable().middleText()));
  }

  /** A note interrupts its line. */
  private void note(Area area, String words) {
    append("    <rect fill=\"#ffffff\" x=\"%s\" y=\"%s\"", area.x(), area.y());
    append(" width=\"%s\" height=\"%s\"/>\n", area.width(), area.height());
    text("note", "middle", area, 0, words);
  }

  private void texts(LineEnd end, Label label) {
    String anchor = word(label.anchor());
    for (int i = 0; i < end.lines().size(); i++) {
      text(i == 0 ? "interface" : "address", anchor, label.area(), i, end.lines().get(i));
    }
  }

  private void text(String kind, String anchor, Area area, int line, String words) {
    double x =
        switch (anchor) {
          case "start" -> area.x() + Picture.GAP / 2;
          case "end" -> area.x() + area.width() - Picture.GAP / 2;
          default -> area.middle().x();
        };
    text(kind, anchor, x, area.y() + 11 + line * Picture.LABEL_LINE, words);
  }

  private void text(String kind, String anchor, double x, double y, String words) {
    append("    <text class=\"%s\" text-anchor=\"%s\"", kind, anchor);
    append(" x=\"%s\" y=\"%s\">%s</text>\n", x, y, escaped(words));
  }

  /** Puts values where the text says {@code %s}. String.format took a tenth of a large drawing. */
  private void append(String text, Object... values) {
    int from = 0;
    for (Object value : values) {
      int to = text.indexOf("%s", from);
      svg.append(text, from, to).append(value instanceof Double number ? written(number) : value);
      from = to + 2;
    }
    svg.append(text, from, text.length());
  }

  private static String written(Point point) {
    return written(point.x()) + " " + written(point.y());
  }

  /** Numbers are written to a tenth of a pixel. */
  private static String written(double value) {
    long tenths = Math.round(Math.abs(value) * 10);
    String number = tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10);
    return value < 0 && tenths > 0 ? "-" + number : number;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** XML has no way to write most control characters: section 2.2 of its specification. */
  private static String escaped(String words) {
    return words
        .replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\r", "&#13;");
  }
}
