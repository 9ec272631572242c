package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology stop}, {@code restart}, {@code pause} and {@code resume}: does it to nodes. */
record NodeVerb(Deed deed) implements ClientVerb {

  /** What is done. */
  enum Deed {
    STOP("Stops nodes of a running topology; the others run on."),
    RESTART("Boots nodes of a running topology anew, on the same cables."),
    PAUSE("Holds nodes of a running topology: their clocks stand still."),
    RESUME("Lets nodes of a running topology go on that were paused.");

    private final String summary;

    Deed(String summary) {
      this.summary = summary;
    }

    /** Where no node is named, it is done to all. */
    private boolean isToAll() {
      return this == PAUSE || this == RESUME;
    }
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, deed.summary)
        .positional(
            "NODE",
            deed.isToAll() ? "0..*" : "1..*",
            String.class,
            deed.isToAll() ? "The nodes; all of them if none is named." : "The nodes.")
        .instance()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    return switch (deed) {
      case STOP -> toEach(invocation, Request.StopNode::new, "stopped");
      case RESTART -> toEach(invocation, Request.RestartNode::new, "restarted");
      case PAUSE -> atOnce(invocation, Request.Pause::new);
      case RESUME -> atOnce(invocation, Request.Resume::new);
    };
  }

  /**
   * Does one thing to each that is named, one after the other.
   *
   * @param past what was done to it, to be printed behind its name
   */
  static ExitCode toEach(Invocation invocation, Function<String, Request<?>> request, String past)
      throws UsageException, IOException, ControlException {
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      for (String name : invocation.<String>arguments()) {
        client.call(request.apply(name));
        invocation.print(name + ": " + past);
      }
    }
    return ExitCode.DONE;
  }

  private static ExitCode atOnce(Invocation invocation, Function<List<String>, Request<?>> request)
      throws UsageException, IOException, ControlException {
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      client.call(request.apply(invocation.arguments()));
    }
    return ExitCode.DONE;
  }
}
