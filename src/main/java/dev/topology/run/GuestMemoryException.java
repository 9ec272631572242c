package dev.topology.run;

/**
 * A guest has not the memory that the streams of a command take. The message says how much that is,
 * and what to do.
 */
public final class GuestMemoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String node;

  GuestMemoryException(String node, String message) {
    super(message);
    this.node = node;
  }

  /** The name of the node. */
  public String node() {
    return node;
  }
}
