package dev.topology.language.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import java.util.List;

/**
 * A topology that cannot be used, thrown where one was asked for that has to be good. The message
 * is the report of everything that was found, as the command line prints it, without colours.
 */
public final class InvalidTopologyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Diagnostic> diagnostics;

  InvalidTopologyException(List<Diagnostic> diagnostics) {
    super(new DiagnosticRenderer(Paint.NONE).report(diagnostics).stripTrailing());
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** All that was found, in the order of the file: at least one error, and the warnings. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
