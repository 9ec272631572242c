package dev.topology.cli;

import dev.topology.cli.Verb.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** The verbs of the program as picocli sees them. */
final class CommandTree {

  private CommandTree() {}

  /** The program's command line with all its commands. */
  static CommandLine root() {
    return of("topology", new TopologyVerb(), Verb::parts);
  }

  /**
   * The program's command line, with no more commands than the one these arguments name: each that
   * is described costs the start of every other two milliseconds.
   */
  static CommandLine rootFor(String... arguments) {
    return of(
        "topology",
        new TopologyVerb(),
        verb -> named(verb, arguments).map(List::of).orElseGet(verb::parts));
  }

  /** The verb that these arguments name, if they do. */
  static Optional<Verb> named(String... arguments) {
    return named(new TopologyVerb(), arguments).map(Part::verb);
  }

  /** The first word that is a part of a verb: no value of an option before it can be one. */
  private static Optional<Part> named(Verb verb, String... arguments) {
    List<Part> parts = verb.parts();
    for (String word : arguments) {
      for (Part part : parts) {
        if (part.name().equals(word)) {
          return Optional.of(part);
        }
      }
    }
    return Optional.empty();
  }

  /** The same command in the {@linkplain #root whole tree}. */
  static CommandLine whole(CommandLine commandLine) {
    CommandLine whole = root();
    String[] words = commandLine.getCommandSpec().qualifiedName().split(" ");
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      whole = Objects.requireNonNull(whole.getSubcommands().get(word));
    }
    return whole;
  }

  private static CommandLine of(String name, Verb verb, Function<Verb, List<Part>> parts) {
    CommandLine commandLine = new CommandLine(verb.spec().name(name));
    // Before the parts are added, to which picocli would pass it on.
    commandLine.setStopAtPositional(verb.takesCommand());
    for (Part part : parts.apply(verb)) {
      commandLine.addSubcommand(part.name(), of(part.name(), part.verb(), parts));
    }
    commandLine.setExpandAtFiles(false);
    return commandLine;
  }

  /** The innermost command that was given. */
  static CommandLine innermost(ParseResult parsed) {
    List<CommandLine> given = parsed.asCommandLineList();
    return given.get(given.size() - 1);
  }

  /** The verb behind a command line. */
  static Verb verb(CommandLine commandLine) {
    return (Verb) commandLine.getCommandSpec().userObject();
  }

  /** The help of a command. */
  static String help(CommandLine commandLine) {
    return whole(commandLine).getUsageMessage(Ansi.OFF);
  }
}
