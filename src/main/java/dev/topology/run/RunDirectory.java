package dev.topology.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a running topology keeps its console logs and what it makes for its guests.
 *
 * <p>It is open to its user alone (mode 0700) and held by a lock for as long as the run lasts: a
 * second run of the same name is refused, while what a killed run left is known by the lock that
 * nobody holds, and is cleared away. Closing gives the lock up; the files stay for the reader of a
 * failure until the next run of that name, or {@link #delete}.
 */
public final class RunDirectory implements AutoCloseable {

  private static final String LOCK_FILE = "lock";

  private final Path path;
  private final FileChannel lockChannel;

  private RunDirectory(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
  }

  /**
   * Makes the directory, or clears what an earlier run left in it.
   *
   * @param path absolute; parents are made as needed
   * @throws LaunchException if another run holds it, or it cannot be made
   */
  public static RunDirectory open(Path path) {
    try {
      createPrivately(path);
      return new RunDirectory(path, lock(path)).cleared();
    } catch (IOException e) {
      throw new LaunchException(
          "cannot use the run directory " + path + ": " + Reasons.of(e),
          "make room there, or choose another place with XDG_RUNTIME_DIR",
          e);
    }
  }

  private static void createPrivately(Path path) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(path, ownerOnly);
    if (!Files.getOwner(path).equals(Files.getOwner(Path.of("/proc/self")))) {
      throw new IOException("it belongs to another user");
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  /** Locks the lock file, again if a run that was ending removed it under our hands. */
  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve(LOCK_FILE);
    while (true) {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Object opened = inode(file);
      if (tryLock(channel) == null) {
        channel.close();
        throw alreadyRunning(directory);
      }
      if (opened.equals(inode(file))) {
        return channel;
      }
      channel.close();
    }
  }

  private static Object inode(Path file) throws IOException {
    return Files.exists(file) ? Files.getAttribute(file, "unix:ino") : "gone";
  }

  private static LaunchException alreadyRunning(Path directory) {
    return new LaunchException(
        "a topology named \"" + directory.getFileName() + "\" is already running",
        "stop it first, or run this one under another name with --name",
        null);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisJvm) {
      return null;
    }
  }

  private RunDirectory cleared() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.filter(e -> !e.endsWith(LOCK_FILE)).toList()) {
        Files.deleteIfExists(entry);
      }
    }
    return this;
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Gives the lock up and removes the directory with all that is in it. */
  public void delete() {
    try {
      cleared();
      Files.deleteIfExists(path.resolve(LOCK_FILE));
      close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the run directory " + path, e);
    }
  }

  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the run directory " + path, e);
    }
  }
}
