package dev.topology.run.node;

import java.util.Locale;

/** How a node ended. */
public sealed interface NodeOutcome {

  /** {@code done}, {@code failed}, {@code rebooted} or {@code stopped}. */
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** It ended by itself, and that was a success. */
  record Done() implements NodeOutcome {}

  /** It failed. */
  record Failed(FailureCause cause) implements NodeOutcome {}

  /** It rebooted by itself, which is neither: its next life tells how it does. */
  record Rebooted() implements NodeOutcome {}

  /** It was stopped: because the run was over, another node failed, or the user asked. */
  record Stopped() implements NodeOutcome {}
}
