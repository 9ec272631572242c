package dev.topology.cli;

import dev.topology.control.CableStatus;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cable shape}: another delay, loss or rate while it runs. */
final class CableShapeVerb implements ClientVerb {

  @Override
  public String command() {
    return "topology cable shape";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Changes what the shaper of a cable does; what is not named stays.")
        .positional("CABLE", "1", String.class, "The cable.")
        .positional("KEY=VALUE", "1..*", String.class, "As in a file: delay=20ms, loss=1%%, …")
        .instance()
        .footer(
            "",
            "Keys: delay, jitter, loss, duplicate, corrupt, reorder, rate and queue, the last two",
            "also none. The file has to give the cable a shaper: one of these, or shaped: true.",
            "",
            "For example:",
            "  topology cable shape uplink delay=20ms loss=1%% rate=10Mbit")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    Request.ShapeCable request =
        new Request.ShapeCable(
            invocation.parsed().matchedPositionalValue(0, ""),
            invocation.parsed().matchedPositionalValue(1, List.of()));
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      CableStatus cable = client.shape(request);
      invocation.print(cable.name() + ": " + cable.shaping().orElse(""));
    }
    return ExitCode.DONE;
  }
}
