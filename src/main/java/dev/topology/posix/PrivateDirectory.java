package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Directories that only their owner can enter, and whose they are. */
public final class PrivateDirectory {

  /** Mode 0700. */
  public static final Set<PosixFilePermission> MODE =
      Set.copyOf(PosixFilePermissions.fromString("rwx------"));

  private PrivateDirectory() {}

  /**
   * Makes a directory, and those that lead to it, with that mode; one that is there stays as it is.
   */
  public static void create(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(MODE));
  }

  /** Whether it belongs to this user; a symbolic link is not followed. */
  public static boolean isOwn(Path directory) throws IOException {
    Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return owner.equals((int) EffectiveUser.current().uid());
  }
}
