package dev.topology.junit;

import dev.topology.run.FailureReport;
import java.util.Optional;

/**
 * A topology that a test needs did not become ready, or failed since. The message says which node
 * it was, why, and how its console ended.
 */
public final class TopologyFailedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Optional<FailureReport> report;

  TopologyFailedException(String message, Optional<FailureReport> report) {
    super(message);
    this.report = report;
  }

  /** What is known of the node that failed, if one did. Its files do not outlive the test. */
  public Optional<FailureReport> report() {
    return report;
  }
}
