package dev.topology.host;

/**
 * This host cannot do what is needed, as it is now. The message says what was tried and why it
 * failed, the remedy what the user can do about it.
 */
public final class UnfitHostException extends Exception {

  private static final long serialVersionUID = 1;

  private final String remedy;

  UnfitHostException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  UnfitHostException(String message, String remedy, Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What the user can do: whole sentences or commands, in one or more lines. */
  public String remedy() {
    return remedy;
  }
}
