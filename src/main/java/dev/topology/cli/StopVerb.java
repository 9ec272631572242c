package dev.topology.cli;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology stop}: ends nodes, and the others run on. */
final class StopVerb implements Verb {

  @Override
  public String command() {
    return "topology stop";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Stops nodes of a running topology; the others run on.")
        .positional("NODE", "1..*", String.class, "The nodes.")
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    List<String> nodes = invocation.arguments();
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      for (String node : nodes) {
        client.call(new Request.StopNode(node));
        invocation.print(node + ": stopped");
      }
    }
    return ExitCode.DONE;
  }
}
