package dev.topology.graph;

import java.util.Locale;

/** SVG in the making: elements as this project's pictures have them, numbers to a tenth. */
final class SvgText {

  private static final String STYLE =
      """
        <style>
          text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2933; }
          .title { font-size: 18px; font-weight: 600; }
          .node { fill: #f4f7fb; stroke: #52667a; stroke-width: 1.5; }
          .node.well { fill: #e9f7ef; stroke: #1e8449; }
          .node.waiting { fill: #fef6e4; stroke: #b9770e; }
          .node.failed { fill: #fdecea; stroke: #c0392b; }
          .node.gone { fill: #f0f0f0; stroke: #909497; stroke-dasharray: 4 3; }
          .name { font-size: 15px; font-weight: 600; text-anchor: middle; }
          .detail, .condition { font-size: 11px; text-anchor: middle; fill: #52667a; }
          .condition.well { fill: #1e8449; }
          .condition.waiting { fill: #b9770e; }
          .condition.failed { fill: #c0392b; }
          .cable { fill: none; stroke: #52667a; stroke-width: 2; }
          .cable.shaped { stroke: #b9770e; }
          .cable.cut { stroke: #c0392b; stroke-dasharray: 6 5; }
          .interface, .address, .note { font-size: 10.5px; }
          .address { fill: #52667a; }
          .note { fill: #b9770e; font-weight: 600; }
          .interface, .address, .note { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }
        </style>
      """;

  private final StringBuilder text = new StringBuilder();

  void open(double width, double height, String title) {
    append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\"", width, height);
    append(" viewBox=\"0 0 %s %s\" role=\"img\">%n", width, height);
    append("  <title>%s</title>%n", escaped(title));
    text.append(STYLE);
    text.append("  <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    append("  <text class=\"title\" x=\"24\" y=\"34\">%s</text>%n", escaped(title));
  }

  void group(Point offset) {
    append("  <g transform=\"translate(%s %s)\">%n", offset.x(), offset.y());
  }

  void box(String kind, Point corner, Extent extent) {
    append("    <rect class=\"%s\" x=\"%s\" y=\"%s\"", kind, corner.x(), corner.y());
    append(" width=\"%s\" height=\"%s\" rx=\"6\"/>%n", extent.width(), extent.height());
  }

  void text(String kind, Point middle, String words) {
    append("    <text class=\"%s\" x=\"%s\" y=\"%s\">", kind, middle.x(), middle.y());
    append("%s</text>%n", escaped(words));
  }

  /** Text that is turned to run along a line, and stands beside it. */
  void along(String anchor, Point start, double degrees, double aside, String kind, String words) {
    append("    <text class=\"%s\" text-anchor=\"%s\"", kind, anchor);
    append(" transform=\"translate(%s %s) rotate(%s)\"", start.x(), start.y(), degrees);
    append(" y=\"%s\">%s</text>%n", aside, escaped(words));
  }

  void line(String kind, Point start, Point end) {
    append("    <path class=\"%s\" d=\"M %s %s", kind, start.x(), start.y());
    append(" L %s %s\"/>%n", end.x(), end.y());
  }

  /** A line that leaves a box at its top and comes back to it. */
  void loop(String kind, Point top, double reach) {
    append("    <path class=\"%s\" d=\"M %s %s", kind, top.x() - 12, top.y());
    append(" c %s %s %s %s 24 0\"/>%n", -reach / 2, -reach, 24 + reach / 2, -reach);
  }

  String close() {
    return text.append("  </g>\n</svg>\n").toString();
  }

  private void append(String format, Object... values) {
    Object[] written = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      written[i] = values[i] instanceof Double number ? number(number) : values[i];
    }
    text.append(String.format(Locale.ROOT, format.replace("%n", "\n"), written));
  }

  private static String number(double value) {
    String number = String.format(Locale.ROOT, "%.1f", value + 0.0);
    return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
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
