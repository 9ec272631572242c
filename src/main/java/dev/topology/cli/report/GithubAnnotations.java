package dev.topology.cli.report;

import dev.topology.cli.report.ValidationText.CheckedFile;
import dev.topology.cli.report.ValidationText.MistakesText;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId.Severity;
import dev.topology.source.Location;
import dev.topology.source.Location.Position;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found in files, as commands to GitHub's runner, which shows each beside its line.
 *
 * <pre>
 * ::error file=lab.yaml,line=7,col=5,endColumn=11,title=unknown-key::a node has no key "memroy"
 * </pre>
 *
 * <p>"Workflow commands for GitHub Actions", "Setting an error message"; the escapes are those of
 * actions/toolkit, {@code packages/core/src/command.ts}.
 */
public record GithubAnnotations(List<CheckedFile> files) {

  public GithubAnnotations {
    files = List.copyOf(files);
  }

  /** A line for each finding, then what a person reading the log is told. */
  public String text() {
    List<Diagnostic> all = files.stream().flatMap(it -> it.diagnostics().stream()).toList();
    String commands = all.stream().map(it -> command(it) + "\n").collect(Collectors.joining());
    return commands + (all.isEmpty() ? "no errors." : new MistakesText(all).lastLine());
  }

  private static String command(Diagnostic diagnostic) {
    return command(
        diagnostic.severity(),
        diagnostic.location(),
        diagnostic.id().toString(),
        message(diagnostic));
  }

  /** One command, which shows a message of any number of lines beside a place. */
  static String command(Severity severity, Location location, String title, String message) {
    return "::"
        + severity
        + " file="
        + property(location.file())
        + place(location)
        + ",title="
        + property(title)
        + "::"
        + text(message);
  }

  /** Columns count on one line only; there they end with the last character, not after it. */
  private static String place(Location location) {
    if (location.source().isEmpty()) {
      return "";
    }
    Position start = location.start();
    Position end = location.end();
    return end.line() == start.line()
        ? ",line="
            + start.line()
            + ",col="
            + start.column()
            + ",endColumn="
            + Math.max(start.column(), end.column() - 1)
        : ",line=" + start.line() + ",endLine=" + (end.column() > 1 ? end.line() : end.line() - 1);
  }

  private static String message(Diagnostic diagnostic) {
    Stream<String> related =
        diagnostic.related().stream()
            .map(it -> it.label() + " " + it.location().seenFrom(diagnostic.location()));
    return Stream.of(Stream.of(diagnostic.message()), diagnostic.hint().stream(), related)
        .flatMap(it -> it)
        .collect(Collectors.joining("\n"));
  }

  private static String text(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return text(text).replace(":", "%3A").replace(",", "%2C");
  }
}
