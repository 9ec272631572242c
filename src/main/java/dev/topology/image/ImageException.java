package dev.topology.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A guest image could not be built, found or read. The message says what was tried, why it failed,
 * and the remedy.
 */
public sealed class ImageException extends Exception {

  private static final long serialVersionUID = 1L;

  static final String MORE_SPACE =
      "Free some space there, or set XDG_CACHE_HOME to a directory on another disk";

  private static final String OTHER_PLACE =
      "Set XDG_CACHE_HOME to a directory that you may write to";

  /** An image that another version of topology built, for a topology that uses it. */
  public static ImageException outdated(InstalledImage image) {
    return new ImageException(
        "guest image \""
            + image.name()
            + "\" was built by another version of topology, and its init and agent do not speak to"
            + " this one: build it again, by the same \"topology image build\" as before");
  }

  /**
   * Maintainer scripts cannot be run, because there is no guest to run them in.
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

  public ImageException(String message) {
    super(message);
  }

  public ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The reason of a failure in words; of I/O, the JDK's message is often the path alone. */
  public static String reason(Exception e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file or directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() == null) {
      return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
    return e instanceof EOFException ? "it is cut off" : String.valueOf(e.getMessage());
  }

  /** What the user can do, if the state of the directory explains the failure. */
  public static Optional<String> remedy(IOException e, Path directory) {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Optional.of(OTHER_PLACE);
    }
    String reason = reason(e);
    return reason.contains("No space left") || reason.contains("quota exceeded")
        ? Optional.of(MORE_SPACE)
        : Optional.empty();
  }

  /** apt knows no package of that name, or none that can be installed. */
  static final class UnknownPackageException extends ImageException {

    private static final long serialVersionUID = 1L;

    private final String name;

    UnknownPackageException(String name) {
      super(
          "cannot build a guest image with package \""
              + name
              + "\": apt knows no such package, or none for this system. Check the name, and"
              + " whether \"apt-get update\" was run (as root, once)");
      this.name = name;
    }

    String name() {
      return name;
    }
  }
}
