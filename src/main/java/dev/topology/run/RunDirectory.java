package dev.topology.run;

import dev.topology.posix.LockFile;
import dev.topology.posix.PrivateDirectory;
import dev.topology.posix.Reasons;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a running topology keeps its console logs and what it makes for its guests.
 *
 * <p>It is open to its user alone (mode 0700) and held by a lock for as long as the run lasts: a
 * second run of the same name is refused. What a killed run left has a lock that nobody holds, and
 * is removed. Closing gives the lock up; the files stay for the reader of a failure until the next
 * run of that name, or {@link #delete}.
 */
public final class RunDirectory implements AutoCloseable {

  private static final String LOCK_FILE = "lock";
  private static final String SUPERVISOR_LOG = "supervisor.log";

  /** In use before the run opens the directory, so not removed by it. */
  private static final Set<String> SPARED = Set.of(LOCK_FILE, SUPERVISOR_LOG);

  private final Path path;
  private final LockFile lock;

  private RunDirectory(Path path, LockFile lock) {
    this.path = path;
    this.lock = lock;
  }

  /** The file that is locked as long as a run holds the directory. */
  public static Path lockFile(Path directory) {
    return directory.resolve(LOCK_FILE);
  }

  /**
   * The log of a process without a terminal that is about to run a topology. Makes the directory if
   * it is not there; {@link #open} does not remove the file.
   */
  public static Path supervisorLog(Path directory) {
    try {
      createPrivately(directory);
      return directory.resolve(SUPERVISOR_LOG);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
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
      return new RunDirectory(path, lock(path)).clearedAtFirst();
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static LaunchException unusable(Path path, IOException e) {
    return new LaunchException(
        "cannot use the run directory " + path + ": " + Reasons.of(e),
        Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
        e);
  }

  private static void createPrivately(Path path) throws IOException {
    PrivateDirectory.create(path);
    if (!Files.getOwner(path).equals(Files.getOwner(Path.of("/proc/self")))) {
      throw new IOException("it belongs to another user");
    }
    Files.setPosixFilePermissions(path, PrivateDirectory.MODE);
  }

  /** Locks the lock file, with the directory if a run that was ending removed that meanwhile. */
  private static LockFile lock(Path directory) throws IOException {
    while (true) {
      try {
        return LockFile.tryLock(lockFile(directory)).orElseThrow(() -> alreadyRunning(directory));
      } catch (NoSuchFileException removed) {
        createPrivately(directory);
      }
    }
  }

  private static LaunchException alreadyRunning(Path directory) {
    return new LaunchException(
        "a topology named \"" + directory.getFileName() + "\" is already running",
        "stop it first, or run this one under another name with --name",
        null);
  }

  private RunDirectory clearedAtFirst() throws IOException {
    try {
      clear();
      return this;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.filter(RunDirectory::isCleared).toList()) {
        delete(entry);
      }
    }
  }

  /** A file, or a directory of files. */
  private static void delete(Path entry) throws IOException {
    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> files = Files.list(entry)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(entry);
  }

  private static boolean isCleared(Path entry) {
    return !SPARED.contains(String.valueOf(entry.getFileName()));
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /**
   * Whether it is still there and still this run's: somebody may have removed it, and another run
   * of the name may have made it again. Does not block.
   */
  public boolean isHeld() {
    return lock.isOf(lockFile(path));
  }

  /**
   * Makes all files in it look as if they had just been written, for programs that clear away what
   * nobody has touched for days.
   */
  public void touch() throws IOException {
    FileTime now = FileTime.from(Instant.now());
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.toList()) {
        Files.setLastModifiedTime(entry, now);
      }
    }
  }

  /** Gives the lock up and removes the directory with all that is in it. */
  public void delete() {
    try {
      clear();
      Files.deleteIfExists(path.resolve(SUPERVISOR_LOG));
      Files.deleteIfExists(lockFile(path));
      close();
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // The next run of the name has it already.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the run directory " + path, e);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
