package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology stop}, {@code cable cut} and the like: does one thing to each that is named. */
record EachVerb(Deed deed) implements ClientVerb {

  /** What is done. */
  enum Deed {
    STOP("topology stop", "Stops nodes of a running topology; the others run on.", "stopped"),
    RESTART(
        "topology restart",
        "Boots nodes of a running topology anew, on the same cables.",
        "restarted"),
    CUT("topology cable cut", "Cuts cables: the guests see that the carrier is gone.", "cut"),
    JOIN("topology cable join", "Joins cables that were cut.", "joined");

    private final String command;
    private final String summary;
    private final String past;

    Deed(String command, String summary, String past) {
      this.command = command;
      this.summary = summary;
      this.past = past;
    }

    private boolean isToCables() {
      return this == CUT || this == JOIN;
    }

    private Request<?> to(String name) {
      return switch (this) {
        case STOP -> new Request.StopNode(name);
        case RESTART -> new Request.RestartNode(name);
        case CUT -> new Request.CutCable(name);
        case JOIN -> new Request.JoinCable(name);
      };
    }
  }

  @Override
  public String command() {
    return deed.command;
  }

  @Override
  public CommandSpec spec() {
    String label = deed.isToCables() ? "CABLE" : "NODE";
    String which = deed.isToCables() ? "The cables, by name: topology cable list." : "The nodes.";
    return VerbSpec.of(this, deed.summary)
        .positional(label, "1..*", String.class, which)
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      for (String name : invocation.<String>arguments()) {
        client.call(deed.to(name));
        invocation.print(name + ": " + deed.past);
      }
    }
    return ExitCode.DONE;
  }
}
