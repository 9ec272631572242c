package dev.topology.cli;

import dev.topology.cli.report.CheckedFile;
import dev.topology.cli.report.DiagnosticColors;
import dev.topology.cli.report.MistakesText;
import dev.topology.launch.Launcher;
import dev.topology.model.Topology;
import java.nio.file.Path;

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
        check(invocation.file(), new Launcher(invocation.surroundings()), invocation);
    // The process that started this one has told the warnings.
    boolean told = invocation.has(UpVerb.DETACHED) && file.topology().isPresent();
    if (!told && !file.diagnostics().isEmpty()) {
      DiagnosticColors colors = new DiagnosticColors(invocation.terminal().errorPalette());
      invocation.printError(new MistakesText(file.diagnostics()).text(colors));
    }
    return file.topology().orElseThrow(RejectedFileException::new);
  }

  /** What is in a file, or in standard input where the user named {@code -}. */
  static CheckedFile check(Path file, Launcher launcher, Invocation invocation) {
    return TextFile.isStandardInput(file)
        ? new CheckedFile("<stdin>", launcher.load(invocation.in(), "<stdin>"))
        : new CheckedFile(file.toString(), launcher.load(file));
  }
}
