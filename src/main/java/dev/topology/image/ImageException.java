package dev.topology.image;

/**
 * A guest image could not be built, found or read. The message says what was tried, why it failed,
 * and the remedy.
 */
public sealed class ImageException extends Exception permits AptFailure.UnknownPackageException {

  private static final long serialVersionUID = 1L;

  /** An image that another version of topology built, for a topology that uses it. */
  public static ImageException outdated(InstalledImage image) {
    return new ImageException(
        "guest image \""
            + image.name()
            + "\" was built by another version of topology, and its init and agent do not speak to"
            + " this one: build it again, by the same \"topology image build\" as before");
  }

  ImageException(String message) {
    super(message);
  }

  ImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
