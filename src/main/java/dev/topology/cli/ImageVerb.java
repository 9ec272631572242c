package dev.topology.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology image}: the guest images of this user. */
final class ImageVerb implements Verb {

  @Override
  public String command() {
    return "topology image";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Builds, lists and removes guest images.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public List<Verb> parts() {
    return List.of(new ImageBuildVerb(), new ImageListVerb(), new ImageRemoveVerb());
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say what to do: topology image build, list or remove");
  }
}
