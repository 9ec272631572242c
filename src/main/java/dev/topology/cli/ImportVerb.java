package dev.topology.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology import}: files of other programs. */
final class ImportVerb implements Verb {

  @Override
  public String command() {
    return "topology import";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Makes a topology file of a file of another program.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public List<Verb> parts() {
    return List.of(new ImportContainerlabVerb());
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say whose file it is: topology import containerlab FILE");
  }
}
