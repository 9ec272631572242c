package dev.topology.source;

import dev.topology.source.DiagnosticId.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something wrong with a user's file, as a value.
 *
 * @param id what kind of mistake, stable across releases
 * @param severity whether the file can still be used
 * @param location the stretch to underline
 * @param message one line, without a full stop, complete without the hint
 * @param hint what to do about it, one line
 * @param related other places to look at
 */
public record Diagnostic(
    DiagnosticId id,
    Severity severity,
    Location location,
    String message,
    Optional<String> hint,
    List<Related> related) {

  /** By file, then by position, then as found. */
  public static final Comparator<Diagnostic> BY_POSITION =
      Comparator.comparing((Diagnostic it) -> it.location().file())
          .thenComparing(it -> it.location().start());

  /** Escapes control characters in the user's words, which could move a cursor. */
  public Diagnostic {
    message = Quote.printable(message);
    hint = hint.map(Quote::printable);
    related = List.copyOf(related);
  }

  /** A finding of the usual severity of its kind. */
  public static Diagnostic of(DiagnosticId id, Location location, String message) {
    return new Diagnostic(id, id.severity(), location, message, Optional.empty(), List.of());
  }

  /** The same with a hint. */
  public Diagnostic hint(String text) {
    return new Diagnostic(id, severity, location, message, Optional.of(text), related);
  }

  /** The same, with a hint if there is one. */
  public Diagnostic hint(Optional<String> text) {
    return text.map(this::hint).orElse(this);
  }

  /** The same with one more place to look at. */
  public Diagnostic related(String label, Location place) {
    List<Related> all =
        Stream.concat(related.stream(), Stream.of(new Related(label, place))).toList();
    return new Diagnostic(id, severity, location, message, hint, all);
  }

  /** Whether the file cannot be used because of it. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * Another place that helps to understand a finding.
   *
   * @param label what is to be seen there: the place follows it, as in {@code first given here:
   *     9:17}
   * @param location the place
   */
  public record Related(String label, Location location) {}
}
