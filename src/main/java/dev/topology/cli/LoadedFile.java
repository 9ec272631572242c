package dev.topology.cli;

import dev.topology.launch.Launcher;
import dev.topology.model.Topology;

/** Loads the file that a verb was given, and says on standard error what is wrong with it. */
final class LoadedFile {

  private LoadedFile() {}

  /**
   * The topology in the file, or in standard input.
   *
   * @throws RejectedFileException if there is none, which has been said
   */
  static Topology of(Invocation invocation) throws RejectedFileException {
    CheckedFile file =
        CheckedFile.load(invocation.file(), new Launcher(invocation.surroundings()), invocation);
    // The process that started this one has told the warnings.
    boolean told = invocation.has(UpVerb.DETACHED) && file.topology().isPresent();
    if (!told && !file.diagnostics().isEmpty()) {
      DiagnosticColors colors = new DiagnosticColors(invocation.terminal().errorPalette());
      invocation.printError(new MistakesText(file.diagnostics()).text(colors));
    }
    return file.topology().orElseThrow(RejectedFileException::new);
  }
}
