package dev.topology.cli.terminal;

import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.cli.terminal.Palette.ColorDepth;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the two outputs can show; a value, worked out once.
 *
 * @param outIsTerminal whether stdout can move its cursor
 * @param errIsTerminal whether stderr can
 * @param outColors how many colours go to stdout
 * @param errColors how many go to stderr
 * @param unicode whether the locale's characters are UTF-8
 * @param columns the width, where the environment tells it
 */
public record TerminalTraits(
    boolean outIsTerminal,
    boolean errIsTerminal,
    ColorDepth outColors,
    ColorDepth errColors,
    boolean unicode,
    OptionalInt columns) {

  /** The traits that follow from the environment's variables and what the outputs are. */
  public static TerminalTraits of(
      Map<String, String> environment, ColorChoice choice, boolean outIsTty, boolean errIsTty) {
    String term = environment.getOrDefault("TERM", "dumb");
    boolean canMove = !term.equals("dumb") && !term.isEmpty();
    return new TerminalTraits(
        outIsTty && canMove,
        errIsTty && canMove,
        colors(environment, choice, outIsTty && canMove),
        colors(environment, choice, errIsTty && canMove),
        isUtf8(environment),
        columns(environment));
  }

  private static ColorDepth colors(
      Map<String, String> environment, ColorChoice choice, boolean canMove) {
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean wanted =
        choice == ColorChoice.ALWAYS || (choice == ColorChoice.AUTO && canMove && !refused);
    if (!wanted) {
      return ColorDepth.NONE;
    }
    boolean wide =
        environment.getOrDefault("TERM", "").contains("256color")
            || environment.containsKey("COLORTERM");
    return wide ? ColorDepth.WIDE : ColorDepth.BASIC;
  }

  /** By the precedence of locale(7). */
  private static boolean isUtf8(Map<String, String> environment) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = environment.getOrDefault(name, "");
      if (!locale.isEmpty()) {
        return locale.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8");
      }
    }
    return false;
  }

  private static OptionalInt columns(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{0,3}")
        ? OptionalInt.of(Integer.parseInt(columns))
        : OptionalInt.empty();
  }

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
    public String fit(String text, int columns) {
      return text.length() <= columns
          ? text
          : text.substring(0, Math.max(0, columns - ellipsis.length())) + ellipsis;
    }
  }
}
