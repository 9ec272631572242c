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
}
