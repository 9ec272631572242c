package dev.topology.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The temporary directories of tests, each named after the process that made it, so that the next
 * test run removes what a killed one left.
 */
final class Scratch {

  private static final Pattern NAME =
      Pattern.compile("topology-(?:test|resource|saved)-(\\d{1,10})-\\d+");

  private final Path parent;

  /** Directories in the one that the system has for temporary files. */
  Scratch() {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  Scratch(Path parent) {
    this.parent = parent;
  }

  /** Makes a directory, open to this user alone, whose owner removes it. */
  Path directory(String purpose) throws IOException {
    long pid = ProcessHandle.current().pid();
    return Files.createTempDirectory(parent, "topology-" + purpose + "-" + pid + "-");
  }

  /** Removes what processes left that are gone. What cannot be removed stays. */
  void clearAbandoned() {
    try (Stream<Path> entries = Files.list(parent)) {
      entries.filter(Scratch::isAbandoned).forEach(Scratch::remove);
    } catch (IOException unreadable) {
      // Unreadable directory: nothing to clean.
    }
  }

  private static boolean isAbandoned(Path entry) {
    Matcher name = NAME.matcher(entry.getFileName().toString());
    return name.matches()
        && Files.isDirectory(entry)
        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
        && isOwn(entry)
        && locks(entry).stream().noneMatch(Scratch::isHeld);
  }

  private static boolean isOwn(Path entry) {
    try {
      return Files.getOwner(entry).equals(Files.getOwner(Path.of("/proc/self")));
    } catch (IOException gone) {
      return false;
    }
  }

  /** The locks of run directories. A process of another container is not seen, but its lock is. */
  private static List<Path> locks(Path directory) {
    try (Stream<Path> files = Files.walk(directory, 2)) {
      return files.filter(file -> file.endsWith("lock")).toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  private static boolean isHeld(Path lock) {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock ours = channel.tryLock()) {
      return ours == null;
    } catch (IOException | OverlappingFileLockException unknown) {
      return true;
    }
  }

  private static void remove(Path directory) {
    try {
      Directories.delete(directory);
    } catch (RuntimeException stays) {
      // Another test run may be clearing it, too.
    }
  }

  /** Copies and removes directories with all that is in them. */
  static final class Directories {

    private Directories() {}

    /** Copies what is in a directory, which may be one of another file system. */
    static void copy(Path from, Path to) throws IOException {
      for (Path path : contents(from)) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }

    static void delete(Path directory) {
      try {
        for (Path path : contents(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot remove " + directory, e);
      }
    }

    private static List<Path> contents(Path directory) throws IOException {
      try (Stream<Path> paths = Files.walk(directory)) {
        return paths.toList();
      }
    }
  }
}
