package dev.topology.source;

import dev.topology.source.DiagnosticRenderer.Paint.Role;
import dev.topology.source.Location.Position;
import dev.topology.text.HumanText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns diagnostics into the text a user reads.
 *
 * <pre>
 * lab.yaml:7:5: error[unknown-key]: a node has no key "memroy"
 *    7 |     memroy: 128MiB
 *      |     ^^^^^^ did you mean "memory"?
 * </pre>
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class DiagnosticRenderer {

  private static final int WIDEST_CARET_LINE = 110;

  private final Paint paint;

  public DiagnosticRenderer(Paint paint) {
    this.paint = paint;
  }

  /** All of them in the given order, a blank line between, then the summary; ends in a line end. */
  public String report(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(this::render).collect(Collectors.joining("\n"))
        + "\n"
        + summary(diagnostics)
        + "\n";
  }

  /** One of them; ends in a line end. */
  public String render(Diagnostic diagnostic) {
    Location location = diagnostic.location();
    String head =
        paint.paint(Role.PLACE, location + ":")
            + " "
            + paint.paint(role(diagnostic), diagnostic.severity() + "[" + diagnostic.id() + "]")
            + ": "
            + paint.paint(Role.MESSAGE, diagnostic.message())
            + "\n";
    return location.source().isEmpty()
        ? head + advice(advice(diagnostic), "", "  ")
        : head + excerpt(location, role(diagnostic), advice(diagnostic));
  }

  /**
   * The line of a place in a text, the place itself marked as that of an error; ends in a line end.
   * Empty where the text is not known.
   */
  public String excerpt(Location location) {
    return location.source().isEmpty() ? "" : excerpt(location, Role.ERROR, "");
  }

  /** How many errors and warnings: {@code 3 errors, 1 warning.} */
  public static String summary(List<Diagnostic> diagnostics) {
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    long warnings = diagnostics.size() - errors;
    String both = errors > 0 && warnings > 0 ? ", " : "";
    return (errors > 0 ? HumanText.count(errors, "error") : "")
        + both
        + (warnings > 0 ? HumanText.count(warnings, "warning") : "")
        + (diagnostics.isEmpty() ? "no errors." : ".");
  }

  private String excerpt(Location location, Role role, String advice) {
    Position start = location.start();
    String line = location.source().line(Math.min(start.line(), location.source().lineCount()));
    Excerpt excerpt = Excerpt.of(line, start.column(), endColumn(location, line));
    String number = String.format("%4d", start.line());
    String gutter = paint.paint(Role.GUTTER, " ".repeat(number.length()) + " |") + " ";
    String carets = " ".repeat(excerpt.indent()) + paint.paint(role, "^".repeat(excerpt.carets()));
    String first = paint.paint(Role.GUTTER, number + " |") + " " + excerpt.text();
    int used = excerpt.indent() + excerpt.carets();
    boolean beside = used + advice.length() < WIDEST_CARET_LINE;
    return first.stripTrailing()
        + "\n"
        + gutter
        + carets
        + (beside ? advice(advice, " ", "") : "\n" + advice(advice, gutter, ""));
  }

  private static int endColumn(Location location, String line) {
    return location.end().line() == location.start().line()
        ? location.end().column()
        : line.stripTrailing().codePointCount(0, line.stripTrailing().length()) + 1;
  }

  private static String advice(String advice, String before, String indent) {
    return advice.isEmpty() ? indent.isEmpty() ? "\n" : "" : before + indent + advice + "\n";
  }

  private static String advice(Diagnostic diagnostic) {
    String related =
        diagnostic.related().stream()
            .map(it -> it.label() + " " + it.location().seenFrom(diagnostic.location()))
            .collect(Collectors.joining(", "));
    return diagnostic
        .hint()
        .map(hint -> related.isEmpty() ? hint : hint + " (" + related + ")")
        .orElse(related);
  }

  private static Role role(Diagnostic diagnostic) {
    return diagnostic.isError() ? Role.ERROR : Role.WARNING;
  }

  /**
   * One line of a text made ready to stand above its carets: tabs as spaces, nothing that could
   * move the cursor, and no longer than fits, cut around the place in question.
   *
   * @param text the line
   * @param indent columns before the first caret
   * @param carets how many there are: at least 1
   */
  private record Excerpt(String text, int indent, int carets) {

    private static final int LONGEST = 100;
    private static final int LEAD = 40;
    private static final int TAB = 4;
    private static final char CUT = '…';

    /**
     * Lays out a line.
     *
     * @param start first column to underline, counted in code points from 1
     * @param end the column after the last to underline
     */
    static Excerpt of(String line, int start, int end) {
      int length = line.codePointCount(0, line.length());
      int first = length <= LONGEST || start <= LEAD ? 1 : Math.min(start - LEAD, length);
      int[] shown = line.codePoints().skip(first - 1L).limit(LONGEST).toArray();
      Layout layout = new Layout();
      if (first > 1) {
        layout.append(CUT);
      }
      int indent = layout.widthUpTo(shown, start - first);
      int stop = layout.widthUpTo(shown, end - first);
      layout.widthUpTo(shown, shown.length);
      if (first - 1 + shown.length < length) {
        layout.append(CUT);
      }
      return new Excerpt(layout.text.toString(), indent, Math.max(1, stop - indent));
    }

    /** Characters as far as they are laid out. */
    private static final class Layout {
      private final StringBuilder text = new StringBuilder();
      private int width;
      private int done;

      /**
       * Lays out the characters before an index, as far as there are any, and says how wide all is.
       */
      int widthUpTo(int[] codePoints, int index) {
        for (; done < Math.min(index, codePoints.length); done++) {
          append(codePoints[done]);
        }
        return width;
      }

      void append(int codePoint) {
        if (codePoint == '\t') {
          int spaces = TAB - width % TAB;
          text.append(" ".repeat(spaces));
          width += spaces;
        } else if (Quote.isUnprintable(codePoint)) {
          text.append('\uFFFD');
          width++;
        } else {
          text.appendCodePoint(codePoint);
          width += DisplayWidth.of(codePoint);
        }
      }
    }
  }

  /** What a front end does to parts of a report so that they stand out, such as colouring them. */
  @FunctionalInterface
  public interface Paint {

    /** Leaves everything as it is. */
    Paint NONE = (role, text) -> text;

    /** The text as it shall be printed; it must keep its width. */
    String paint(Role role, String text);

    /** What a part of a report is. */
    enum Role {
      /** The word {@code error} with its id, and the carets under an error. */
      ERROR,
      /** The word {@code warning} with its id, and the carets under a warning. */
      WARNING,
      /** File, line and column. */
      PLACE,
      /** What went wrong. */
      MESSAGE,
      /** Line numbers and the rule beside them. */
      GUTTER
    }
  }

  /**
   * How many columns of a terminal a character takes.
   *
   * <p>An approximation of Unicode Standard Annex 11 (East Asian Width): the blocks that are wide
   * as a whole count 2, combining marks 0, the rest 1. Terminals disagree about the remainder.
   */
  static final class DisplayWidth {

    /** Pairs of first and last code point of the wide ranges, ascending. */
    private static final int[] WIDE = {
      0x1100, 0x115F, 0x231A, 0x231B, 0x23E9, 0x23EC, 0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648,
      0x2653, 0x26A1, 0x26A1, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26D4, 0x26D4, 0x26EA, 0x26EA,
      0x26F2, 0x26F5, 0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x2753,
      0x2757, 0x2795, 0x2797, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2E80, 0x303E, 0x3041, 0x33FF,
      0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xA000, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900,
      0xFAFF, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F680, 0x1F6FF,
      0x1F900, 0x1F9FF, 0x1FA70, 0x1FAFF, 0x20000, 0x3FFFD
    };

    private DisplayWidth() {}

    static int of(int codePoint) {
      if (codePoint < 0x300) {
        return 1;
      }
      return switch (Character.getType(codePoint)) {
        case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
        default -> isWide(codePoint) ? 2 : 1;
      };
    }

    private static boolean isWide(int codePoint) {
      for (int range = 0; range < WIDE.length && WIDE[range] <= codePoint; range += 2) {
        if (codePoint <= WIDE[range + 1]) {
          return true;
        }
      }
      return false;
    }
  }
}
