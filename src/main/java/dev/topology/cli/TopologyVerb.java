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
  public List<Part> parts() {
    return List.of(
        new Part("new", new NewVerb()),
        new Part("up", new UpVerb()),
        new Part("apply", new ApplyVerb()),
        new Part("test", new TestVerb()),
        new Part("ps", new PsVerb()),
        new Part("logs", new LogsVerb()),
        new Part("events", new EventsVerb()),
        new Part("console", new ConsoleVerb()),
        new Part("exec", new ExecVerb()),
        new Part("cp", new CopyVerb()),
        new Part("stop", new NodeVerb(NodeVerb.Deed.STOP)),
        new Part("restart", new NodeVerb(NodeVerb.Deed.RESTART)),
        new Part("pause", new NodeVerb(NodeVerb.Deed.PAUSE)),
        new Part("resume", new NodeVerb(NodeVerb.Deed.RESUME)),
        new Part("checkpoint", new CheckpointVerb()),
        new Part("cable", new CableVerb()),
        new Part("agent", new AgentVerb()),
        new Part("wait", new WaitVerb()),
        new Part("down", new DownVerb()),
        new Part("validate", new ValidateVerb()),
        new Part("explain", new ExplainVerb()),
        new Part("format", new FormatVerb()),
        new Part("import", new ImportVerb()),
        new Part("plan", new PlanVerb()),
        new Part("graph", new GraphVerb()),
        new Part("schema", new SchemaVerb()),
        new Part("image", new ImageVerb()),
        new Part("cache", new CacheVerb()),
        new Part("doctor", new DoctorVerb()),
        new Part("completion", new CompletionVerb()),
        new Part("help", new HelpVerb()));
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
