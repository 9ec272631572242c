package dev.topology.run;

import dev.topology.run.node.RunException;
import dev.topology.text.HumanText;

/**
 * A run ended before what was waited for had happened. If a node failed, the message is {@link
 * FailureReport#describe}.
 */
public final class RunEndedException extends RunException {

  private static final long serialVersionUID = 1L;

  private final transient TopologyOutcome outcome;

  RunEndedException(TopologyOutcome outcome) {
    super(message(outcome), null);
    this.outcome = outcome;
  }

  private static String message(TopologyOutcome outcome) {
    if (outcome instanceof TopologyOutcome.Failed failed) {
      return failed.report().describe();
    }
    if (outcome instanceof TopologyOutcome.OutOfTime late) {
      return "the run was not over after " + HumanText.duration(late.limit()) + ", and was ended";
    }
    if (outcome instanceof TopologyOutcome.Unguarded unguarded) {
      return "the run was ended: " + unguarded.reason();
    }
    return outcome instanceof TopologyOutcome.Done
        ? "the run was over before: every task had ended in success"
        : "the run was stopped before";
  }

  @Override
  public RunEndedException again() {
    return new RunEndedException(outcome);
  }

  /** How it ended. */
  public TopologyOutcome outcome() {
    return outcome;
  }
}
