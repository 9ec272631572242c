package dev.topology.cli;

import dev.topology.language.load.LoadResult;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.launch.Launcher;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A topology file that was looked at.
 *
 * @param name as diagnostics have it
 * @param result what came of it
 */
record CheckedFile(String name, LoadResult result) {

  private static final Path STANDARD_INPUT = Path.of("-");

  /** Loads a file, or standard input where the user named {@code -}. */
  static CheckedFile load(Path file, Launcher launcher, Invocation invocation) {
    return file.equals(STANDARD_INPUT)
        ? new CheckedFile("<stdin>", launcher.load(invocation.in(), "<stdin>"))
        : new CheckedFile(file.toString(), launcher.load(file));
  }

  List<Diagnostic> diagnostics() {
    return result.diagnostics();
  }

  /** What it holds, if it can be used. */
  Optional<Topology> topology() {
    return result instanceof Loaded loaded ? Optional.of(loaded.topology()) : Optional.empty();
  }
}
