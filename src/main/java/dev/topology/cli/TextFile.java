package dev.topology.cli;

import dev.topology.cli.report.DiagnosticColors;
import dev.topology.language.load.YamlText;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.Optional;

/** A file of YAML that a verb was given to work on as a text. */
final class TextFile {

  private static final Path STDIN = Path.of("-");

  private TextFile() {}

  static boolean isStandardInput(Path file) {
    return file.equals(STDIN);
  }

  /** Its text; empty if it is not YAML, which has been said. Blocks while it is read. */
  static Optional<SourceText> read(Path file, Invocation invocation) {
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
