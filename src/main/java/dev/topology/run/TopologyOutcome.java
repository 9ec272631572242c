package dev.topology.run;

import java.time.Duration;

/** How a run ended. By then no process of it is left. */
public sealed interface TopologyOutcome {

  /** Every task ended in success. */
  record Done() implements TopologyOutcome {}

  /** A node failed, and everything was stopped. */
  record Failed(FailureReport report) implements TopologyOutcome {}

  /** Somebody asked it to stop. */
  record Stopped() implements TopologyOutcome {}

  /**
   * Something has gone that a run cannot do without, so all was ended while it could be: the
   * process that ends every QEMU should this one die, or the directory by which others reach the
   * run.
   *
   * @param reason one clause
   */
  record Unguarded(String reason) implements TopologyOutcome {}

  /** It was not over in the time it was given. */
  record OutOfTime(Duration limit) implements TopologyOutcome {}
}
