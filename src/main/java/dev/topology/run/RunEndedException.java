package dev.topology.run;

/** A run ended before what was waited for had happened. */
public final class RunEndedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient TopologyOutcome outcome;

  RunEndedException(TopologyOutcome outcome) {
    super("the run ended: " + outcome);
    this.outcome = outcome;
  }

  /** How it ended. */
  public TopologyOutcome outcome() {
    return outcome;
  }
}
