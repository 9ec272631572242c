package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Plug;
import java.util.stream.Stream;

/** How much room the texts along a link take. */
final class LinkText {

  static final double LETTER = 6;
  static final double MARGIN = 6;

  private LinkText() {}

  /** How long a link has to be for its texts to stand one after the other, in pixels. */
  static double length(Link link) {
    double note = link.note().isEmpty() ? 0 : link.note().length() * LETTER + 2 * MARGIN;
    return length(link.left()) + note + length(link.right()) + 4 * MARGIN;
  }

  private static double length(Plug plug) {
    int letters =
        Stream.concat(Stream.of(plug.interfaceName()), plug.addresses().stream())
            .mapToInt(String::length)
            .max()
            .orElse(0);
    return letters * LETTER + MARGIN;
  }
}
