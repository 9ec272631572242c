package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.language.schema.JsonSchema;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology} by itself. */
final class TopologyVerb implements Verb {

  private static final String VERSION = "--version";

  @Override
  public String command() {
    return "topology";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        VerbSpec.of(
                this, "One YAML file into a running network of microVMs, and back into nothing.")
            .flag(VERSION, "Show the version.")
            .exits(ExitCode.values());
    spec.usageMessage().customSynopsis("topology COMMAND [ARGUMENT…]");
    return spec;
  }

  @Override
  public List<Verb> parts() {
    return List.of(
        new NewVerb(),
        new UpVerb(),
        new PsVerb(),
        new LogsVerb(),
        new EventsVerb(),
        new ConsoleVerb(),
        new ExecVerb(),
        new CopyVerb(),
        new NodeVerb(NodeVerb.Deed.STOP),
        new NodeVerb(NodeVerb.Deed.RESTART),
        new NodeVerb(NodeVerb.Deed.PAUSE),
        new NodeVerb(NodeVerb.Deed.RESUME),
        new CableVerb(),
        new WaitVerb(),
        new DownVerb(),
        new ValidateVerb(),
        new ExplainVerb(),
        new FormatVerb(),
        new ImportVerb(),
        new PlanVerb(),
        new GraphVerb(),
        new SchemaVerb(),
        new ImageVerb(),
        new DoctorVerb(),
        new CompletionVerb(),
        new HelpVerb());
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    if (invocation.has(VERSION)) {
      invocation.print("topology " + version());
      return ExitCode.DONE;
    }
    throw new UsageException("a command is missing; `topology --help` lists them");
  }

  /** The version of this program, which the build writes into the manifest of its jar. */
  static String version() {
    return Optional.ofNullable(TopologyVerb.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }

  /** {@code topology help COMMAND}: the same text as {@code topology COMMAND --help}. */
  private static final class HelpVerb implements Verb {

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
          throw UsageErrors.unknownCommand(name, command);
        }
        command = part;
      }
      invocation.print(CommandTree.help(command));
      return ExitCode.DONE;
    }
  }

  /** {@code topology schema}: what an editor needs to help with topology files. */
  private static final class SchemaVerb implements Verb {

    @Override
    public String command() {
      return "topology schema";
    }

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(this, "Prints the JSON Schema of topology files, for editors.")
          .footer(
              "",
              "Editors with the YAML language server check and complete a file that begins with",
              "  # yaml-language-server: $schema=topology.schema.json",
              "once this has put the schema beside it:",
              "  topology schema > topology.schema.json")
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE);
    }

    @Override
    public ExitCode run(Invocation invocation) {
      invocation.print(JsonSchema.text());
      return ExitCode.DONE;
    }
  }
}
