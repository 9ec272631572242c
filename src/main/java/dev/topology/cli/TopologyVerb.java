package dev.topology.cli;

import java.util.List;
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
        new EachVerb(EachVerb.Deed.STOP),
        new EachVerb(EachVerb.Deed.RESTART),
        new HoldVerb(true),
        new HoldVerb(false),
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
      invocation.print("topology " + Version.current());
      return ExitCode.DONE;
    }
    throw new UsageException("a command is missing; `topology --help` lists them");
  }
}
