package dev.topology.cli;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology resume}: lets nodes go on. */
final class ResumeVerb implements Verb {

  @Override
  public String command() {
    return "topology resume";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Lets nodes of a running topology go on that were paused.")
        .positional("NODE", "0..*", String.class, "The nodes; all of them if none is named.")
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    List<String> nodes = invocation.arguments();
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      client.call(new Request.Resume(nodes));
    }
    return ExitCode.DONE;
  }
}
