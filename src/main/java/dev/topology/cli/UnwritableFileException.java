package dev.topology.cli;

/** A file that the user wants to have cannot be written. */
final class UnwritableFileException extends Exception {

  private static final long serialVersionUID = 1L;

  UnwritableFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
