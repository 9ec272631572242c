package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The diagnostics of one load. Each kind of mistake is reported once for each place: what stands in
 * {@code defaults} is checked for every node, but is one mistake. Used by one thread.
 */
public final class Report {

  private static final Set<DiagnosticId> CUTTING =
      EnumSet.of(DiagnosticId.SYNTAX, DiagnosticId.TOO_DEEP, DiagnosticId.TOO_MANY_ALIASES);

  /** More than anyone reads; a file that is no topology at all can hold a million. */
  private static final int MOST = 10_000;

  /** What is known only after the whole file was read. */
  private static final Set<DiagnosticId> OF_WHOLE_FILE =
      EnumSet.of(
          DiagnosticId.NO_NODES,
          DiagnosticId.UNKNOWN_GROUP,
          DiagnosticId.UNUSED_GROUP,
          DiagnosticId.UNUSED_DEFAULT);

  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Set<Finding> seen = new HashSet<>();

  public void add(Diagnostic diagnostic) {
    if (diagnostics.size() < MOST
        && seen.add(new Finding(diagnostic.id(), diagnostic.location()))) {
      diagnostics.add(diagnostic);
    }
  }

  /** Whether a text can be handed to any program at all; if not, that is reported. */
  public boolean acceptsText(String text, Location location) {
    boolean isText = text.indexOf('\0') < 0;
    if (!isText) {
      add(
          Diagnostic.of(
              DiagnosticId.BAD_TEXT, location, "a text cannot hold the character NUL (\\0)"));
    }
    return isText;
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  /** The mistake that ended reading, if there is one. */
  public Optional<Diagnostic> cut() {
    return diagnostics.stream().filter(it -> CUTTING.contains(it.id())).findFirst();
  }

  /**
   * Drops what was found at and after the line where reading ended, and what is missing anywhere:
   * both may be consequences of that.
   */
  public void dropAfter(Diagnostic cut) {
    int line = cut.location().start().line();
    diagnostics.removeIf(
        it ->
            !it.equals(cut)
                && (it.location().start().line() >= line || OF_WHOLE_FILE.contains(it.id())));
  }

  /** Everything found, in the order of the file. */
  public List<Diagnostic> sorted() {
    return diagnostics.stream().sorted(Diagnostic.BY_POSITION).toList();
  }

  private record Finding(DiagnosticId id, Location location) {}
}
