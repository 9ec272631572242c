package dev.topology.run.node;

/**
 * A node ended before what was waited for had happened. The message says what that was, how the
 * node ended, and what its console showed last.
 */
public final class NodeEndedException extends RunException {

  private static final long serialVersionUID = 1L;

  private final String node;
  private final transient NodeOutcome outcome;

  public NodeEndedException(String node, NodeOutcome outcome, String message) {
    super(message, null);
    this.node = node;
    this.outcome = outcome;
  }

  @Override
  public NodeEndedException again() {
    return new NodeEndedException(node, outcome, getMessage());
  }

  /** The name of the node. */
  public String node() {
    return node;
  }

  /** How it ended. */
  public NodeOutcome outcome() {
    return outcome;
  }
}
