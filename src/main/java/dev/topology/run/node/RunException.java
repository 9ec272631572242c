package dev.topology.run.node;

import org.jspecify.annotations.Nullable;

/**
 * A failure of a run that one thread finds and others wait for: each of those throws it {@linkplain
 * #again again}, with its own trace.
 */
public abstract class RunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  protected RunException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The same failure, with the trace of the thread that calls. */
  public abstract RunException again();

  /**
   * What a waiting thread throws for a failure that another thread found.
   *
   * @param otherwise the message where that is no failure of a run, but a bug
   */
  public static RuntimeException seenHere(Throwable failure, String otherwise) {
    return failure instanceof RunException known
        ? known.again()
        : new IllegalStateException(otherwise, failure);
  }

  /** The message, which every such failure has. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /**
   * Something did not happen in time; the wait has ended, and the run goes on. The message says
   * what it was and, where a node was to do it, what its console showed last.
   */
  public static final class OutOfTimeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OutOfTimeException(String message) {
      super(message);
    }
  }

  /**
   * The guest agent of a node does not run a command, or not to its end, or has not kept all that
   * it wrote. The message says which, and why.
   */
  public static final class GuestAgentException extends RunException {

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

  /**
   * A node ended before what was waited for had happened. The message says what that was, how the
   * node ended, and what its console showed last.
   */
  public static final class NodeEndedException extends RunException {

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
}
