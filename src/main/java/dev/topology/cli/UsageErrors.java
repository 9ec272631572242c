package dev.topology.cli;

import dev.topology.language.value.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, and what was probably meant. */
final class UsageErrors {

  private UsageErrors() {}

  /** What the parser did not like. */
  static UsageException of(ParameterException e) {
    CommandLine command = CommandTree.whole(e.getCommandLine());
    return new UsageException(
        describe(e, command) + "\n  `" + name(command) + " --help` shows what it takes");
  }

  /** A command that does not exist. */
  static UsageException unknownCommand(String name, CommandLine parent) {
    return new UsageException(describeUnknownCommand(name, parent));
  }

  private static String describe(ParameterException e, CommandLine command) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return describeUnmatched(unmatched.getUnmatched().get(0), command);
    }
    if (e instanceof MissingParameterException missing) {
      return missing.getMissing().stream()
              .map(argument -> argument.paramLabel())
              .collect(Collectors.joining(" and "))
          + " is missing";
    }
    // For a value that a converter of ours refused: its words, without picocli's around them.
    return e.getCause() instanceof TypeConversionException refused
        ? argument(e) + refused.getMessage()
        : String.valueOf(e.getMessage());
  }

  /** {@code --format: }; an argument that is no option needs no name. */
  private static String argument(ParameterException e) {
    return e.getArgSpec() instanceof OptionSpec option ? option.longestName() + ": " : "";
  }

  private static String describeUnmatched(String argument, CommandLine command) {
    if (argument.startsWith("-") && argument.length() > 1) {
      String option = argument.split("=", 2)[0];
      return "there is no option " + option + meant(option, options(command));
    }
    return command.getSubcommands().isEmpty()
        ? "there is nothing to do with \"" + argument + "\""
        : describeUnknownCommand(argument, command);
  }

  private static String describeUnknownCommand(String name, CommandLine parent) {
    return "there is no command \"" + name + "\"" + meant(name, parent.getSubcommands().keySet());
  }

  private static List<String> options(CommandLine command) {
    return command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
  }

  /** {@code ; did you mean …?}, or nothing where no candidate is near. */
  static String meant(String written, Collection<String> candidates) {
    return Nearest.to(written, candidates)
        .map(candidate -> "; did you mean " + candidate + "?")
        .orElse("");
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  /** The user asked for something that does not exist or does not go together. */
  static final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }
}
