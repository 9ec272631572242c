package dev.topology.cli;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology pause}: holds nodes. */
final class PauseVerb implements Verb {

  @Override
  public String command() {
    return "topology pause";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Holds nodes of a running topology: their clocks stand still.")
        .positional("NODE", "0..*", String.class, "The nodes; all of them if none is named.")
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    List<String> nodes = invocation.arguments();
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      client.call(new Request.Pause(nodes));
    }
    return ExitCode.DONE;
  }
}
