package dev.topology.image;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * Maintainer scripts cannot be run, for want of a guest.
   *
   * @param why a clause, or the remedy after it
   */
  public static ImageException noGuest(String why, @Nullable Throwable cause) {
    return new ImageException(
        "cannot build a guest image with packages: their maintainer scripts run in a guest of its"
            + " own, and that failed: "
            + why,
        cause);
  }

  static ImageException scriptHangs(String packageName, Duration silence, List<String> lastLines) {
    return withLastLines(
        packageName,
        "a maintainer script wrote nothing for "
            + silence.toMinutes()
            + " minutes in the guest that configures packages, and was ended.",
        lastLines);
  }

  static ImageException scriptFailed(String packageName, List<String> lastLines) {
    return withLastLines(
        packageName,
        "a maintainer script failed in the guest that configures packages.",
        lastLines);
  }

  private static ImageException withLastLines(
      String packageName, String what, List<String> lastLines) {
    return new ImageException(
        "cannot build a guest image"
            + (packageName.isEmpty() ? "" : " with package \"" + packageName + "\"")
            + ": "
            + what
            + " The last it said:\n"
            + String.join("\n", lastLines).indent(2).stripTrailing()
            + "\nLeave the package out (--package), or give the version that works:"
            + " --package NAME=VERSION");
  }

  ImageException(String message) {
    super(message);
  }

  ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
