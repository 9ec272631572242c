package dev.topology.console;

/**
 * A wait for text that will not be fulfilled. The message names the node, says what was waited for
 * and why in vain, and ends with the last lines of the console.
 */
public final class ExpectationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why a wait was in vain. */
  public enum Reason {
    /** The deadline passed. */
    OUT_OF_TIME,
    /** The console ended: the guest is gone. */
    ENDED,
    /** The wait began at a mark from which on the text is not kept any more. */
    FORGOTTEN,
    /** The regular expression takes too long on a line. */
    TOO_COSTLY
  }

  private final Reason reason;

  ExpectationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The same failure, seen by the thread that calls. */
  ExpectationException here() {
    return new ExpectationException(reason, String.valueOf(getMessage()));
  }

  /** Why the wait was in vain. */
  public Reason reason() {
    return reason;
  }
}
