package dev.topology.cli;

import dev.topology.cli.report.CheckedFile;
import dev.topology.cli.report.DiagnosticColors;
import dev.topology.cli.report.MistakesText;
import dev.topology.language.yaml.YamlText;
import dev.topology.launch.Launcher;
import dev.topology.model.Topology;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.Optional;

/** The file that a verb was given, or standard input where the user named {@code -}. */
final class InputFile {

  private static final Path STDIN = Path.of("-");

  private InputFile() {}

  /** The topology file cannot be used, and the user has been told why. */
  static final class RejectedException extends Exception {

    private static final long serialVersionUID = 1L;
  }

  /**
   * The topology in the file, or in standard input.
   *
   * @throws RejectedException if there is none, which has been said
   */
  static Topology topology(Invocation invocation) throws RejectedException {
    CheckedFile file = check(invocation.file(), new Launcher(invocation.user()), invocation);
    // The process that started this one has told the warnings.
    boolean told = invocation.has(UpVerb.DETACHED) && file.topology().isPresent();
    if (!told && !file.diagnostics().isEmpty()) {
      DiagnosticColors colors = new DiagnosticColors(invocation.terminal().errorPalette());
      invocation.printError(new MistakesText(file.diagnostics()).text(colors));
    }
    return file.topology().orElseThrow(RejectedException::new);
  }

  /** What is in a file, or in standard input where the user named {@code -}. */
  static CheckedFile check(Path file, Launcher launcher, Invocation invocation) {
    return isStandardInput(file)
        ? new CheckedFile("<stdin>", launcher.load(invocation.in(), "<stdin>"))
        : new CheckedFile(file.toString(), launcher.load(file));
  }

  static boolean isStandardInput(Path file) {
    return file.equals(STDIN);
  }

  /** Its text; empty if it is not YAML, which has been said. Blocks while it is read. */
  static Optional<SourceText> text(Path file, Invocation invocation) {
    YamlText text =
        isStandardInput(file) ? YamlText.read(invocation.in(), "<stdin>") : YamlText.read(file);
    if (text.problems().isEmpty()) {
      return Optional.of(text.source());
    }
    DiagnosticColors paint = new DiagnosticColors(invocation.terminal().errorPalette());
    invocation.printError(new DiagnosticRenderer(paint).report(text.problems()));
    return Optional.empty();
  }
}
