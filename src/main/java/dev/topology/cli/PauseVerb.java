package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code topology pause} and {@code resume}: holds nodes, and lets them go on.
 *
 * @param isPause which of the two
 */
record PauseVerb(boolean isPause) implements ClientVerb {

  @Override
  public String command() {
    return isPause ? "topology pause" : "topology resume";
  }

  @Override
  public CommandSpec spec() {
    String summary =
        isPause
            ? "Holds nodes of a running topology: their clocks stand still."
            : "Lets nodes of a running topology go on that were paused.";
    return VerbSpec.of(this, summary)
        .positional("NODE", "0..*", String.class, "The nodes; all of them if none is named.")
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    List<String> nodes = invocation.arguments();
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      client.call(isPause ? new Request.Pause(nodes) : new Request.Resume(nodes));
    }
    return ExitCode.DONE;
  }
}
