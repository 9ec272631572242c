package dev.topology.control;

import java.util.Locale;
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

  /**
   * Why a request was not carried out: {@code UNKNOWN_NODE} is {@code "unknown-node"} on the wire.
   */
  public enum ErrorId {
    /** The line is not a JSON object with an {@code id} and a {@code do}. */
    MALFORMED,
    /** The line has more than 1 MiB. */
    TOO_LONG,
    /** There is no such request. */
    UNKNOWN_REQUEST,
    /** A field is missing, not known, or of the wrong type. */
    BAD_FIELD,
    /** A request with that {@code id} is still under way. */
    ID_IN_USE,
    /** Too many requests, or connections, at once. */
    BUSY,
    /** The client belongs to another user. */
    FOREIGN_USER,
    UNKNOWN_NODE,
    UNKNOWN_CABLE,
    /** The node has ended, so that it cannot do it any more. */
    NODE_ENDED,
    /** The run has ended. */
    RUN_ENDED,
    /** It took longer than it may. */
    OUT_OF_TIME,
    /** The present state of the run, node or cable does not allow it. */
    REFUSED,
    /** The supervisor is ending, or the connection broke off. */
    LOST,
    /** A bug of the supervisor. */
    BUG;

    /** As it is on the wire. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An id that is not known, as of a newer server, is REFUSED. */
    static ErrorId of(String text) {
      for (ErrorId id : values()) {
        if (id.text().equals(text)) {
          return id;
        }
      }
      return REFUSED;
    }
  }
}
