package dev.topology.run.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
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
   * Waits for what another thread does.
   *
   * @param late makes the message where it is not done in time
   * @param broken the message where it fails by a bug
   * @throws RunException the failure that the other thread found, again
   * @throws OutOfTimeException if it is not done in time
   */
  public static void await(
      CompletableFuture<?> done, Duration deadline, Supplier<String> late, String broken)
      throws InterruptedException {
    try {
      done.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new OutOfTimeException(late.get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RunException known
          ? known.again()
          : new IllegalStateException(broken, e.getCause());
    }
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

  /**
   * The host does not let a topology start. The message says what and why; the remedy, what to do.
   */
  public static final class LaunchException extends RunException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String remedy;

    /** An exception with its remedy, which is one clause without a full stop. */
    public LaunchException(String message, String remedy, @Nullable Throwable cause) {
      super(message, cause);
      this.what = message;
      this.remedy = remedy;
    }

    @Override
    public LaunchException again() {
      return new LaunchException(what, remedy, this);
    }

    /** What was tried and why it failed, one clause without a full stop. */
    public String what() {
      return what;
    }

    /** What the user can do about it. */
    public String remedy() {
      return remedy;
    }
  }
}
