package dev.topology.source;

import dev.topology.source.Paint.Role;
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
        ? head + advice(diagnostic, "", "  ")
        : head + excerpt(diagnostic);
  }

  /** How many errors and warnings: {@code 3 errors, 1 warning.} */
  public static String summary(List<Diagnostic> diagnostics) {
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    long warnings = diagnostics.size() - errors;
    String both = errors > 0 && warnings > 0 ? ", " : "";
    return (errors > 0 ? counted(errors, "error") : "")
        + both
        + (warnings > 0 ? counted(warnings, "warning") : "")
        + (diagnostics.isEmpty() ? "no errors." : ".");
  }

  private static String counted(long count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private String excerpt(Diagnostic diagnostic) {
    Location location = diagnostic.location();
    Position start = location.start();
    String line = location.source().line(Math.min(start.line(), location.source().lineCount()));
    Excerpt excerpt = Excerpt.of(line, start.column(), endColumn(location, line));
    String number = String.format("%4d", start.line());
    String gutter = paint.paint(Role.GUTTER, " ".repeat(number.length()) + " |") + " ";
    String carets =
        " ".repeat(excerpt.indent()) + paint.paint(role(diagnostic), "^".repeat(excerpt.carets()));
    String first = paint.paint(Role.GUTTER, number + " |") + " " + excerpt.text();
    int used = excerpt.indent() + excerpt.carets();
    boolean beside = used + advice(diagnostic).length() < WIDEST_CARET_LINE;
    return first.stripTrailing()
        + "\n"
        + gutter
        + carets
        + (beside ? advice(diagnostic, " ", "") : "\n" + advice(diagnostic, gutter, ""));
  }

  private static int endColumn(Location location, String line) {
    return location.end().line() == location.start().line()
        ? location.end().column()
        : line.stripTrailing().codePointCount(0, line.stripTrailing().length()) + 1;
  }

  private static String advice(Diagnostic diagnostic, String before, String indent) {
    String advice = advice(diagnostic);
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
        } else if (DisplayWidth.isUnprintable(codePoint)) {
          text.append('\uFFFD');
          width++;
        } else {
          text.appendCodePoint(codePoint);
          width += DisplayWidth.of(codePoint);
        }
      }
    }
  }
}
