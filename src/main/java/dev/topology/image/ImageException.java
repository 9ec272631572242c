package dev.topology.image;

/**
 * A guest image could not be built, found or read. The message says what was tried, why it failed,
 * and the remedy.
 */
public sealed class ImageException extends Exception permits AptFailure.UnknownPackageException {

  private static final long serialVersionUID = 1L;

  ImageException(String message) {
    super(message);
  }

  ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
