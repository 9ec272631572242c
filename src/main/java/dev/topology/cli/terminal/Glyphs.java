package dev.topology.cli.terminal;

/**
 * The signs that are not letters, for an output that has them and for one that has ASCII only.
 *
 * @param bar between a node's name and its line
 * @param moreBar the same where a line goes on that began further up
 * @param cable between two endpoints
 * @param arrow from a host port to a guest port, from work to its result
 * @param full a filled part of a progress bar
 * @param empty a part of it yet to fill
 * @param ellipsis where text was cut off
 * @param dot between two things on one line
 */
public record Glyphs(
    String bar,
    String moreBar,
    String cable,
    String arrow,
    String full,
    String empty,
    String ellipsis,
    String dot) {

  public static final Glyphs UNICODE = new Glyphs("│", "┊", "──", "→", "█", "░", "…", "·");

  static final Glyphs ASCII = new Glyphs("|", ":", "--", "->", "#", ".", "...", "-");

  /** The text, cut to a width if it is wider; one column a character. */
  String fit(String text, int columns) {
    return text.length() <= columns
        ? text
        : text.substring(0, Math.max(0, columns - ellipsis.length())) + ellipsis;
  }
}
