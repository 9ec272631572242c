package dev.topology.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cable}: the cables of a running topology. */
final class CableVerb implements ClientVerb {

  @Override
  public String command() {
    return "topology cable";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this, "Lists, cuts, joins, shapes and captures the cables of a running topology.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public List<Verb> parts() {
    return List.of(
        new CableListVerb(),
        new EachVerb(EachVerb.Deed.CUT),
        new EachVerb(EachVerb.Deed.JOIN),
        new CableShapeVerb(),
        new CableCaptureVerb());
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say what to do: topology cable list, cut, join, shape or capture");
  }
}
