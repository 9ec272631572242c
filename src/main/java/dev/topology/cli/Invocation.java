package dev.topology.cli;

import dev.topology.cli.terminal.Terminal;
import dev.topology.launch.UserDirectories;
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
}
