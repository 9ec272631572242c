package dev.topology.cli.terminal;

import java.util.List;

/**
 * Colours for what text means. Without colours the text comes back as it is, so a colour never
 * carries a meaning alone.
 */
public final class Palette {

  /**
   * Of the 256 xterm colours, ten hues with a contrast of 3.3 and more (WCAG 2.1, 1.4.3) both to
   * white and to a dark grey of #1e1e1e, neighbours far apart. Red is left to errors.
   */
  private static final List<String> WIDE_NODES =
      List.of(
          "38;5;32",
          "38;5;166",
          "38;5;64",
          "38;5;134",
          "38;5;30",
          "38;5;169",
          "38;5;136",
          "38;5;99",
          "38;5;29",
          "38;5;67");

  /** How readable these are depends on the user's colour scheme. */
  private static final List<String> BASIC_NODES = List.of("36", "33", "35", "32", "34");

  private final ColorDepth depth;

  Palette(ColorDepth depth) {
    this.depth = depth;
  }

  /**
   * The colour of a node, the same all the time.
   *
   * @param index the node's place in the file, from 0; colours return after the last
   */
  public String node(int index, String text) {
    List<String> nodes = depth == ColorDepth.WIDE ? WIDE_NODES : BASIC_NODES;
    return paint(nodes.get(Math.floorMod(index, nodes.size())), text);
  }

  public String error(String text) {
    return paint("1;31", text);
  }

  public String warning(String text) {
    return paint(depth == ColorDepth.WIDE ? "1;38;5;136" : "1;33", text);
  }

  public String success(String text) {
    return paint(depth == ColorDepth.WIDE ? "38;5;28" : "32", text);
  }

  /** Text to be seen first. */
  public String strong(String text) {
    return paint("1", text);
  }

  /** Text of little interest. */
  public String faint(String text) {
    return paint("2", text);
  }

  private String paint(String sgr, String text) {
    return depth == ColorDepth.NONE || text.isEmpty()
        ? text
        : "\033[" + sgr + "m" + text + "\033[0m";
  }

  /** How many colours an output takes. */
  public enum ColorDepth {
    NONE,
    /** The eight of ECMA-48. */
    BASIC,
    /** The 256 of xterm. */
    WIDE
  }

  /** What {@code --color} says. */
  public enum ColorChoice {
    /** Colours on a terminal that has them, unless {@code NO_COLOR} is set (no-color.org). */
    AUTO,
    /** Colours wherever the output goes, whatever the environment says. */
    ALWAYS,
    /** No colours. */
    NEVER
  }
}
