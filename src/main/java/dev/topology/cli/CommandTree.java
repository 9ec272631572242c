package dev.topology.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** The verbs of the program as picocli sees them. */
final class CommandTree {

  private CommandTree() {}

  /** The program's command line, ready to parse arguments. */
  static CommandLine root() {
    return of(new TopologyVerb());
  }

  private static CommandLine of(Verb verb) {
    CommandLine commandLine = new CommandLine(verb.spec());
    for (Verb part : verb.parts()) {
      CommandLine sub = of(part);
      commandLine.addSubcommand(sub.getCommandName(), sub);
    }
    commandLine.setExpandAtFiles(false);
    commandLine.registerConverter(Duration.class, TimeLimit::parse);
    commandLine.registerConverter(Path.class, Path::of);
    choices(commandLine, ColorChoice.class);
    choices(commandLine, PlanVerb.Format.class);
    choices(commandLine, CompletionVerb.Shell.class);
    return commandLine;
  }

  private static <T extends Enum<T>> void choices(CommandLine commandLine, Class<T> type) {
    commandLine.registerConverter(type, word -> Choice.of(word, type));
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
    return commandLine.getUsageMessage(Ansi.OFF);
  }
}
