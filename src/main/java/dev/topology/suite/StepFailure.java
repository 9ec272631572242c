package dev.topology.suite;

import dev.topology.suite.TestResult.Finding;
import java.util.List;
import java.util.Optional;

/** A step has failed; a value on its way to the result of its test, without a stack trace. */
final class StepFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;
  private final transient Optional<String> node;

  /**
   * @param message one line
   * @param node whose console helps to understand it
   */
  StepFailure(String message, Optional<String> node, List<Finding> findings) {
    super(message, null, false, false);
    this.node = node;
    this.findings = List.copyOf(findings);
  }

  List<Finding> findings() {
    return findings;
  }

  Optional<String> node() {
    return node;
  }
}
