package dev.topology.language.load;

import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import java.util.List;

/** The result of loading a topology. */
public sealed interface LoadResult {

  /** All that was found, in the order of the file. */
  List<Diagnostic> diagnostics();

  /**
   * The topology, where a rejected one cannot be used. Warnings are dropped.
   *
   * @throws InvalidTopologyException if it was rejected, with everything that was found
   */
  default Topology orElseThrow() {
    if (this instanceof Loaded loaded) {
      return loaded.topology();
    }
    throw new InvalidTopologyException(diagnostics());
  }

  /**
   * The topology can be planned and run.
   *
   * @param topology complete and free of contradictions
   * @param diagnostics warnings, in the order of the file
   */
  record Loaded(Topology topology, List<Diagnostic> diagnostics) implements LoadResult {
    public Loaded {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * The file cannot be used.
   *
   * @param diagnostics at least one error, and the warnings, in the order of the file
   */
  record Rejected(List<Diagnostic> diagnostics) implements LoadResult {
    public Rejected {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * A topology that cannot be used, thrown where one was asked for that has to be good. The message
   * is the report of everything that was found, as the command line prints it, without colours.
   */
  public static final class InvalidTopologyException extends RuntimeException {

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
}
