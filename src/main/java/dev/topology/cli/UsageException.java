package dev.topology.cli;

/** The user asked for something that does not exist or does not go together. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
