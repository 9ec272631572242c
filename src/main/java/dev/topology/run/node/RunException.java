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

  /** The message, which every such failure has. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
