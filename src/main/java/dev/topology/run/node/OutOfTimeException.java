package dev.topology.run.node;

/**
 * Something did not happen in time; the wait has ended, and the run goes on. The message says what
 * it was and, where a node was to do it, what its console showed last.
 */
public final class OutOfTimeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public OutOfTimeException(String message) {
    super(message);
  }
}
