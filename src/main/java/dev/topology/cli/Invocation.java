package dev.topology.cli;

import dev.topology.cli.report.ValidationText.CheckedFile;
import dev.topology.cli.report.ValidationText.DiagnosticColors;
import dev.topology.cli.report.ValidationText.MistakesText;
import dev.topology.cli.terminal.Terminal;
import dev.topology.host.Host;
import dev.topology.language.yaml.YamlText;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Architecture;
import dev.topology.model.Topology;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.SourceText;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * One run of a verb: what the user gave it, and what it works with.
 *
 * @param parsed the arguments of that verb
 * @param user the directories and the environment of this process
 * @param terminal where it writes
 * @param in standard input
 */
record Invocation(ParseResult parsed, UserDirectories user, Terminal terminal, InputStream in) {

  private static final Path STDIN = Path.of("-");

  /** The option of verbs that are about guests of one architecture. */
  static final String ARCH = "--arch";

  /** The option of verbs that list something. */
  static final String FORMAT = "--format";

  /** Whom a listing is for: people or programs. */
  enum ListFormat {
    TEXT,
    JSON
  }

  /** The topology file, as the user named it; also where the argument could mean something else. */
  Path file() {
    return Path.of(parsed.<Object>matchedPositionalValue(0, "").toString());
  }

  /** The arguments that are not options, of a verb that takes many. */
  <T> List<T> arguments() {
    return parsed.matchedPositionalValue(0, List.of());
  }

  /** The argument that is not an option, of a verb that takes one, if it was given. */
  Optional<String> argument() {
    return Optional.ofNullable(parsed.<String>matchedPositionalValue(0, null));
  }

  /** The value of an option, if it was given. */
  <T> Optional<T> option(String name) {
    return Optional.ofNullable(parsed.<T>matchedOptionValue(name, null));
  }

  /** The architecture of guests that is meant. */
  Architecture architecture() {
    return this.<Architecture>option(ARCH)
        .orElseGet(() -> Host.of(user().cache(), user().environment()).architecture());
  }

  /** All values of an option, in the order given. */
  List<String> options(String name) {
    return parsed.matchedOptionValue(name, List.of());
  }

  /** Whether an option without a value was given. */
  boolean has(String name) {
    return parsed.hasMatchedOption(name);
  }

  /** Whether a program is to read what is listed. */
  boolean isJson() {
    return this.<ListFormat>option(FORMAT).orElse(ListFormat.TEXT) == ListFormat.JSON;
  }

  /** Prints what was asked for; the last line may have its end or not. */
  void print(String text) {
    terminal.print(text.stripTrailing());
  }

  /** Prints a note on standard error. */
  void printError(String text) {
    terminal.printError(text.stripTrailing());
  }

  /**
   * The topology in the file, or in standard input.
   *
   * @throws RejectedException if there is none, which has been said
   */
  Topology topology() throws RejectedException {
    CheckedFile file = check(file(), new Launcher(user));
    // The process that started this one has told the warnings.
    boolean told = has(UpVerb.DETACHED) && file.topology().isPresent();
    if (!told && !file.diagnostics().isEmpty()) {
      DiagnosticColors colors = new DiagnosticColors(terminal.errorPalette());
      printError(new MistakesText(file.diagnostics()).text(colors));
    }
    return file.topology().orElseThrow(RejectedException::new);
  }

  /** What is in a file, or in standard input where the user named {@code -}. */
  CheckedFile check(Path file, Launcher launcher) {
    return isStandardInput(file)
        ? new CheckedFile("<stdin>", launcher.load(in, "<stdin>"))
        : new CheckedFile(file.toString(), launcher.load(file));
  }

  static boolean isStandardInput(Path file) {
    return file.equals(STDIN);
  }

  /** The text of a file; empty if it is not YAML, which has been said. Blocks while it is read. */
  Optional<SourceText> text(Path file) {
    YamlText text = isStandardInput(file) ? YamlText.read(in, "<stdin>") : YamlText.read(file);
    if (text.problems().isEmpty()) {
      return Optional.of(text.source());
    }
    DiagnosticColors paint = new DiagnosticColors(terminal.errorPalette());
    printError(new DiagnosticRenderer(paint).report(text.problems()));
    return Optional.empty();
  }

  /** The topology file cannot be used, and the user has been told why. */
  static final class RejectedException extends Exception {

    private static final long serialVersionUID = 1L;
  }
}
