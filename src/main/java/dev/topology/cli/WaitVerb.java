package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.report.InstanceText;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import dev.topology.control.RunEnding;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology wait}: until a topology is over, and ends as {@code up} does. */
final class WaitVerb implements ClientVerb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Waits until a topology is over, and ends as its up does.")
        .instanceArgument()
        .exits(
            ExitCode.DONE,
            ExitCode.NODE_FAILED,
            ExitCode.WRONG_USAGE,
            ExitCode.UNFIT_HOST,
            ExitCode.REFUSED,
            ExitCode.OUT_OF_TIME,
            ExitCode.TERMINATED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    Instance instance = InstanceChoice.any(invocation, invocation.argument());
    RunEnding ending = ending(instance);
    String text = instance.name() + ": " + ending.text();
    if (ending.outcome() == RunEnding.How.DONE || ending.outcome() == RunEnding.How.STOPPED) {
      invocation.print(text);
    } else {
      invocation.printError(text);
    }
    return code(ending);
  }

  private static RunEnding ending(Instance instance) throws ControlException, IOException {
    if (instance.ending().isPresent()) {
      return instance.ending().get();
    }
    if (!instance.isRunning()) {
      throw new ControlException(ErrorId.LOST, InstanceText.over(instance), "");
    }
    RunEnding ending = awaitEnd(instance);
    // The user may ask for the logs next, or bring up another topology of that name.
    instance.awaitEnd();
    return ending;
  }

  private static RunEnding awaitEnd(Instance instance) throws ControlException {
    try (ControlClient client = instance.connect()) {
      return client.call(new Request.AwaitEnd());
    }
  }

  /** The status of {@code up} for the same ending. */
  static ExitCode code(RunEnding ending) {
    return switch (ending.outcome()) {
      case DONE -> ExitCode.DONE;
      case FAILED -> ExitCode.NODE_FAILED;
      case STOPPED -> ExitCode.TERMINATED;
      case OUT_OF_TIME -> ExitCode.OUT_OF_TIME;
      case UNGUARDED, HOST_REFUSED -> ExitCode.UNFIT_HOST;
    };
  }
}
