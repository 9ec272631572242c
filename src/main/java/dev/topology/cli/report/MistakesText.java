package dev.topology.cli.report;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was found in files, for people to read: each finding with its place, then how many there are
 * and how to learn more about them.
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
