package dev.topology.cli;

import dev.topology.launch.Launcher;
import dev.topology.load.LoadResult;
import dev.topology.load.LoadResult.Loaded;
import dev.topology.model.Topology;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.Paint;

/** Loads the file that a verb was given, and says on standard error what is wrong with it. */
final class LoadedFile {

  private LoadedFile() {}

  /**
   * The topology in the file.
   *
   * @throws RejectedFileException if there is none, which has been said
   */
  static Topology of(Invocation invocation) throws RejectedFileException {
    LoadResult result = new Launcher(invocation.surroundings()).load(invocation.file());
    if (!result.diagnostics().isEmpty()) {
      Paint paint = new DiagnosticColors(invocation.terminal().errorPalette());
      invocation.printError(new DiagnosticRenderer(paint).report(result.diagnostics()));
    }
    if (result instanceof Loaded loaded) {
      return loaded.topology();
    }
    throw new RejectedFileException();
  }
}
