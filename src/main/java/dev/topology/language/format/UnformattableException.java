package dev.topology.language.format;

/** A text cannot be laid out anew without a change of what it says. It is better left alone. */
public final class UnformattableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnformattableException(String message) {
    super(message);
  }
}
