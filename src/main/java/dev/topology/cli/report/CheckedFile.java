package dev.topology.cli.report;

import dev.topology.language.load.LoadResult;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import java.util.List;
import java.util.Optional;

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
