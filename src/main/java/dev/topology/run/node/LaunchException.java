package dev.topology.run.node;

import org.jspecify.annotations.Nullable;

/**
 * The host does not let a topology start. The message says what and why; the remedy, what to do.
 */
public final class LaunchException extends RunException {

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
