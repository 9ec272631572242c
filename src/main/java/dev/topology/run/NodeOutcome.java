package dev.topology.run;

/** How a node ended. */
public sealed interface NodeOutcome {

  /** It ended by itself, and that was a success. */
  record Done() implements NodeOutcome {}

  /** It failed. */
  record Failed(FailureCause cause) implements NodeOutcome {}

  /** It was stopped: because the run was over, another node failed, or the user asked. */
  record Stopped() implements NodeOutcome {}
}
