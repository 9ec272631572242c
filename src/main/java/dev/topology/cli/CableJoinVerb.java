package dev.topology.cli;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cable join}. */
final class CableJoinVerb implements Verb {

  @Override
  public String command() {
    return "topology cable join";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Joins cables that were cut.")
        .positional("CABLE", "1..*", String.class, "The cables, by name: topology cable list.")
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      for (String cable : invocation.<String>arguments()) {
        client.call(new Request.JoinCable(cable));
        invocation.print(cable + ": joined");
      }
    }
    return ExitCode.DONE;
  }
}
