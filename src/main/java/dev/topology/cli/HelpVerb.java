package dev.topology.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology help COMMAND}, for those whose fingers type it. */
final class HelpVerb implements Verb {

  @Override
  public String command() {
    return "topology help";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Shows the help of a command.")
        .positional("COMMAND", "0..*", String.class, "As in: topology help image build")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    CommandLine command = CommandTree.root();
    for (String name : invocation.<String>arguments()) {
      CommandLine part = command.getSubcommands().get(name);
      if (part == null) {
        throw Misuse.unknownCommand(name, command);
      }
      command = part;
    }
    invocation.print(CommandTree.help(command));
    return ExitCode.DONE;
  }
}
