package dev.topology.control;

import dev.topology.run.NodeEndedException;
import dev.topology.run.OutOfTimeException;
import dev.topology.run.RunEndedException;
import dev.topology.run.UnknownNameException;

/** Says to a client what an exception says to a caller in Java. */
final class Refusal {

  private Refusal() {}

  static ControlException of(Exception e) {
    return e instanceof ControlException it ? it : new ControlException(id(e), message(e), "", e);
  }

  private static ErrorId id(Exception e) {
    if (e instanceof NodeEndedException) {
      return ErrorId.NODE_ENDED;
    }
    if (e instanceof RunEndedException) {
      return ErrorId.RUN_ENDED;
    }
    if (e instanceof OutOfTimeException) {
      return ErrorId.OUT_OF_TIME;
    }
    // What the public methods of a run throw where things are not in a state for it.
    return e instanceof IllegalStateException || e instanceof IllegalArgumentException
        ? ErrorId.REFUSED
        : ErrorId.BUG;
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
  }

  /** The names there are stand in the message, the nearest first. */
  static ControlException unknown(ErrorId id, UnknownNameException e) {
    return new ControlException(id, message(e), "", e);
  }
}
