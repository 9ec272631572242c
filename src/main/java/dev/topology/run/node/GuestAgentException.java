package dev.topology.run.node;

import org.jspecify.annotations.Nullable;

/**
 * The guest agent of a node does not run a command, or not to its end, or has not kept all that it
 * wrote. The message says which, and why.
 */
public final class GuestAgentException extends RunException {

  private static final long serialVersionUID = 1L;

  private final String node;

  public GuestAgentException(String node, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.node = node;
  }

  @Override
  public GuestAgentException again() {
    return new GuestAgentException(node, getMessage(), this);
  }

  /** The name of the node. */
  public String node() {
    return node;
  }
}
