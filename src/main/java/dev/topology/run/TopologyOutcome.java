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
   * The process that ends every QEMU should this one die was itself killed, so all were ended while
   * they could be.
   *
   * @param reason one clause
   */
  record Unguarded(String reason) implements TopologyOutcome {}

  /** It was not over in the time it was given. */
  record OutOfTime(Duration limit) implements TopologyOutcome {}
}
