package dev.topology.language.format;

import dev.topology.language.format.Nesting.Level;
import dev.topology.language.format.Pieces.Piece;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes scalars: in one line, or over several. */
final class Scalars {

  private final Rows rows;
  private final boolean isJson;

  /**
   * Begins.
   *
   * @param isJson whether texts keep the quotes that JSON needs
   */
  Scalars(Rows rows, boolean isJson) {
    this.rows = rows;
    this.isJson = isJson;
  }

  void put(Piece piece, Level level) {
    if (piece.isBlockScalar()) {
      block(piece, level);
    } else {
      flow(isJson ? piece.text() : Quotes.dropFrom(piece.text()), level);
    }
  }

  /** A scalar of several lines is folded: their indentation has no meaning. */
  private void flow(String text, Level level) {
    String[] lines = text.split("\n", -1);
    rows.append(lines.length > 1 ? lines[0].stripTrailing() : text);
    boolean isPlain = !text.startsWith("\"") && !text.startsWith("'");
    int column = level.isFlow() ? level.to() : Math.max(0, level.to() + Layout.STEP);
    for (int at = 1; at < lines.length; at++) {
      String line = lines[at].stripLeading();
      rows.close(Optional.empty());
      if (line.isEmpty()) {
        rows.whole("");
      } else {
        rows.start(column);
        rows.append(isPlain ? line.stripTrailing() : line);
      }
    }
  }

  private void block(Piece piece, Level level) {
    BlockScalar scalar = BlockScalar.of(piece.text(), level.from());
    int column = Math.max(0, level.to()) + (scalar.stated() > 0 ? scalar.stated() : Layout.STEP);
    rows.append(scalar.header());
    rows.close(Optional.empty());
    scalar.lines().forEach(line -> rows.whole(BlockScalar.at(column, line)));
  }

  /**
   * A text in the style of {@code |} or {@code >}, moved to another indentation.
   *
   * @param header its first line
   * @param lines the others, without their common indentation
   * @param stated what the header says about the indentation; 0 if nothing
   */
  private record BlockScalar(String header, List<String> lines, int stated) {

    private static final Pattern INDICATOR = Pattern.compile("[|>][+-]?([1-9])");

    /**
     * Reads one.
     *
     * @param parent the column of the block it stands in, from which a stated indentation counts
     */
    static BlockScalar of(String text, int parent) {
      String[] all = text.split("\n", -1);
      Matcher matcher = INDICATOR.matcher(all[0]);
      int stated = matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
      List<String> below = Arrays.asList(all).subList(1, all.length);
      int indent = stated > 0 ? Math.max(0, parent) + stated : firstIndent(below);
      return new BlockScalar(
          all[0].stripTrailing(),
          below.stream().map(it -> it.substring(Math.min(indent, leading(it)))).toList(),
          stated);
    }

    /** A line at its place. */
    static String at(int column, String line) {
      return line.isEmpty() ? "" : " ".repeat(column) + line;
    }

    private static int firstIndent(List<String> lines) {
      return lines.stream()
          .filter(it -> !it.isBlank())
          .mapToInt(BlockScalar::leading)
          .findFirst()
          .orElse(0);
    }

    private static int leading(String line) {
      int spaces = 0;
      while (spaces < line.length() && line.charAt(spaces) == ' ') {
        spaces++;
      }
      return spaces;
    }
  }

  /** Which quotes can go without a change of meaning. */
  static final class Quotes {

    /**
     * Words that start with a letter or a slash, and hold nothing that YAML could mean something
     * by.
     */
    private static final Pattern PLAIN =
        Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./][A-Za-z0-9_./-]*)*");

    /** What YAML 1.1 takes for a truth value or for nothing. */
    private static final Set<String> WORDS =
        Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    private Quotes() {}

    /** The scalar without quotes that it does not need. */
    static String dropFrom(String scalar) {
      boolean isQuoted = scalar.length() > 2 && (scalar.startsWith("\"") || scalar.startsWith("'"));
      if (!isQuoted) {
        return scalar;
      }
      String inner = scalar.substring(1, scalar.length() - 1);
      return areNotNeededBy(inner) ? inner : scalar;
    }

    /** Whether a text is the same with and without quotes, wherever it stands. */
    static boolean areNotNeededBy(String text) {
      return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
    }
  }
}
