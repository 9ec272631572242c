package dev.topology.language.load;

import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
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
}
