package dev.topology.cli.report;

import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticRenderer.Paint;
import dev.topology.text.HumanText;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code topology validate} says to people: the findings of all files, a line for each file
 * that can be used, and one summary.
 *
 * @param strict whether files with warnings are refused
 */
public record ValidationText(List<CheckedFile> files, boolean strict) {

  public ValidationText {
    files = List.copyOf(files);
  }

  public String text(Paint paint) {
    List<Diagnostic> all = files.stream().flatMap(it -> it.diagnostics().stream()).toList();
    MistakesText mistakes = new MistakesText(all);
    Stream<String> parts =
        all.isEmpty()
            ? Stream.of(usable())
            : Stream.of(mistakes.findings(paint), usable(), summary(mistakes));
    return parts.filter(it -> !it.isEmpty()).collect(Collectors.joining("\n"));
  }

  private String summary(MistakesText mistakes) {
    boolean hasErrors = mistakes.diagnostics().stream().anyMatch(Diagnostic::isError);
    String refused = strict && !hasErrors ? "\nWith --strict, warnings are errors." : "";
    return mistakes.lastLine() + refused + "\n";
  }

  private String usable() {
    return files.stream().map(ValidationText::usable).collect(Collectors.joining());
  }

  private static String usable(CheckedFile file) {
    int warnings = file.diagnostics().size();
    String findings = warnings == 0 ? "no errors" : HumanText.count(warnings, "warning");
    return file.topology()
        .map(it -> file.name() + ": " + size(it) + ", " + findings + "\n")
        .orElse("");
  }

  /** {@code 2 nodes, 1 cable}. */
  static String size(Topology topology) {
    return HumanText.count(topology.nodes().size(), "node")
        + ", "
        + HumanText.count(topology.cables().size(), "cable");
  }
}
