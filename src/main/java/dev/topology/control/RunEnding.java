package dev.topology.control;

import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.text.HumanText;

/**
 * How a run ended.
 *
 * @param outcome the kind of its end
 * @param text all that helps to understand it, in one line or several, without an end of line
 */
public record RunEnding(How outcome, String text) {

  /** The kinds of end, as {@link TopologyOutcome} has them. */
  public enum How {
    DONE,
    FAILED,
    /** A node's QEMU could not be spawned. */
    HOST_REFUSED,
    STOPPED,
    OUT_OF_TIME,
    UNGUARDED
  }

  /** The ending of an outcome. */
  public static RunEnding of(TopologyOutcome outcome) {
    if (outcome instanceof TopologyOutcome.Failed failed) {
      boolean hostRefused =
          failed.report().cause() instanceof FailureCause.CouldNotStart cause
              && cause.hostRefused();
      return new RunEnding(hostRefused ? How.HOST_REFUSED : How.FAILED, failed.report().describe());
    }
    if (outcome instanceof TopologyOutcome.OutOfTime late) {
      return new RunEnding(How.OUT_OF_TIME, "not over in its " + HumanText.duration(late.limit()));
    }
    if (outcome instanceof TopologyOutcome.Unguarded unguarded) {
      return new RunEnding(How.UNGUARDED, unguarded.reason());
    }
    return outcome instanceof TopologyOutcome.Done
        ? new RunEnding(How.DONE, "done")
        : new RunEnding(How.STOPPED, "stopped");
  }

  /** The first line of its text. */
  String headline() {
    return text.lines().findFirst().orElse("");
  }
}
