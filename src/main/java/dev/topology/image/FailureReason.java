package dev.topology.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Words for an I/O failure, and what helps; the JDK's own message is often the path alone. */
final class FailureReason {

  static final String MORE_SPACE =
      "Free some space there, or set XDG_CACHE_HOME to a directory on another disk";

  private static final String OTHER_PLACE =
      "Set XDG_CACHE_HOME to a directory that you may write to";

  private FailureReason() {}

  static String of(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file or directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() == null) {
      return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
    return String.valueOf(e.getMessage());
  }

  /** What the user can do where the directory, as it is now, explains the failure. */
  static Optional<String> remedy(IOException e, Path directory) {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Optional.of(OTHER_PLACE);
    }
    String reason = of(e);
    return reason.contains("No space left") || reason.contains("quota exceeded")
        ? Optional.of(MORE_SPACE)
        : Optional.empty();
  }
}
