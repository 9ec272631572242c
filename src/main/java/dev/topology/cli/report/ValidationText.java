package dev.topology.cli.report;

import dev.topology.cli.terminal.Palette;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import dev.topology.text.HumanText;
import java.util.List;
import java.util.Optional;
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
        .map(it -> file.name() + ": " + size(it) + ", " + findings + "\n" + waysOut(it))
        .orElse("");
  }

  /** A line for each cable that leads out. */
  private static String waysOut(Topology topology) {
    return topology.cables().stream()
        .flatMap(cable -> cable.outside().stream().map(it -> wayOut(cable.name(), it)))
        .collect(Collectors.joining());
  }

  private static String wayOut(String cable, Outside outside) {
    return "  cable " + cable + " leads out of the topology, to " + outside.words() + "\n";
  }

  /** {@code 2 nodes, 1 cable}. */
  static String size(Topology topology) {
    return HumanText.count(topology.nodes().size(), "node")
        + ", "
        + HumanText.count(topology.cables().size(), "cable")
        + switches(topology.switches().size());
  }

  private static String switches(int count) {
    return count == 0 ? "" : ", " + count + (count == 1 ? " switch" : " switches");
  }

  /**
   * What was found in files, for people to read: each finding with its place, then how many there
   * are and how to learn more about them.
   */
  public record MistakesText(List<Diagnostic> diagnostics) {

    /** So many kinds are named in the last line; more would not fit on it. */
    private static final int MOST_IDS = 3;

    public MistakesText {
      diagnostics = List.copyOf(diagnostics);
    }

    /** All of it; empty if nothing was found. Ends in a line end. */
    public String text(Paint paint) {
      return diagnostics.isEmpty() ? "" : findings(paint) + "\n" + lastLine() + "\n";
    }

    /** The findings with a blank line between them; ends in a line end. */
    String findings(Paint paint) {
      DiagnosticRenderer renderer = new DiagnosticRenderer(paint);
      return diagnostics.stream().map(renderer::render).collect(Collectors.joining("\n"));
    }

    /** {@code 3 errors. `topology explain unknown-key` tells more about them.} */
    String lastLine() {
      return DiagnosticRenderer.summary(diagnostics) + " " + advice();
    }

    private String advice() {
      List<String> ids = diagnostics.stream().map(it -> it.id().toString()).distinct().toList();
      String named = ids.size() > MOST_IDS ? "ID" : String.join(" ", ids);
      String what = ids.size() > 1 ? "each" : diagnostics.size() > 1 ? "them" : "it";
      return "`topology explain " + named + "` tells more about " + what + ".";
    }
  }

  /** Gives the parts of a report on a file their colours. */
  public record DiagnosticColors(Palette palette) implements Paint {

    @Override
    public String paint(Role role, String text) {
      return switch (role) {
        case ERROR -> palette.error(text);
        case WARNING -> palette.warning(text);
        case PLACE, MESSAGE -> palette.strong(text);
        case GUTTER -> palette.faint(text);
      };
    }
  }

  /**
   * A topology file that was looked at.
   *
   * @param name as diagnostics have it
   * @param result what came of it
   */
  public record CheckedFile(String name, LoadResult result) {

    public List<Diagnostic> diagnostics() {
      return result.diagnostics();
    }

    /** What it holds, if it can be used. */
    public Optional<Topology> topology() {
      return result instanceof Loaded loaded ? Optional.of(loaded.topology()) : Optional.empty();
    }
  }
}
