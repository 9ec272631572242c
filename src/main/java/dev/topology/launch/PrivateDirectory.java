package dev.topology.launch;

import dev.topology.posix.EffectiveUser;
import dev.topology.posix.Reasons;
import dev.topology.run.node.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A directory that belongs to this user alone.
 *
 * <p>Under {@code /tmp} anybody can make a directory of the name we would give ours, or a link in
 * its place, and read what we put there.
 */
final class PrivateDirectory {

  private static final String OWNER_ONLY = "rwx------";
  private static final String CANNOT_KEEP = "cannot keep running topologies under ";

  private PrivateDirectory() {}

  /**
   * Makes it if it is not there.
   *
   * @throws LaunchException if it cannot be made, or is somebody else's
   */
  static void require(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try {
      if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
      }
      requireOwn(directory);
    } catch (IOException e) {
      throw new LaunchException(
          CANNOT_KEEP + directory + ": " + Reasons.of(e),
          Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
          e);
    }
  }

  private static void requireOwn(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(directory, "it is not a directory");
    }
    Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals((int) EffectiveUser.current().uid())) {
      throw refused(directory, "it belongs to another user");
    }
  }

  private static LaunchException refused(Path directory, String why) {
    return new LaunchException(
        CANNOT_KEEP + directory + ": " + why,
        "remove it, or choose another place with XDG_RUNTIME_DIR",
        null);
  }
}
