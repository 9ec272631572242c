package dev.topology.control;

import org.jspecify.annotations.Nullable;

/** A request was not carried out. The message says what and why, the hint what can be done. */
public final class ControlException extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorId id;
  private final String hint;

  /**
   * @param message one clause without a full stop
   * @param hint one clause without a full stop; may be empty
   */
  public ControlException(ErrorId id, String message, String hint) {
    this(id, message, hint, null);
  }

  ControlException(ErrorId id, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.id = id;
    this.hint = hint;
  }

  /** Why. */
  public ErrorId id() {
    return id;
  }

  /** What the user can do; may be empty. */
  public String hint() {
    return hint;
  }
}
