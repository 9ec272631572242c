package dev.topology.posix;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Directories for temporary files: {@code $TMPDIR} and {@code /tmp} as usual, and others in case
 * those are full or read-only; and how a directory is removed with all that is in it.
 */
public final class TemporaryPlace {

  private static final int ROOM_BYTES = 256 * 1024;

  private TemporaryPlace() {}

  /** All directories to try, the best first. */
  static Set<Path> all(Map<String, String> environment) {
    Set<Path> places = new LinkedHashSet<>();
    for (String wanted :
        new String[] {
          environment.getOrDefault("TMPDIR", ""),
          System.getProperty("java.io.tmpdir", ""),
          environment.getOrDefault("XDG_RUNTIME_DIR", ""),
          "/var/tmp",
          "/dev/shm"
        }) {
      if (wanted.startsWith("/")) {
        places.add(Path.of(wanted));
      }
    }
    return places;
  }

  /**
   * A new directory that only this user can enter, in the first place with room for small files.
   *
   * @throws IOException if there is none; the message has the reason of each
   */
  public static Path newDirectory(String prefix) throws IOException {
    StringBuilder failures = new StringBuilder();
    for (Path place : all(System.getenv())) {
      try {
        return newDirectory(place, prefix);
      } catch (IOException e) {
        failures.append("\n  ").append(place).append(": ").append(e.getMessage());
      }
    }
    throw new IOException("no directory for temporary files can be used:" + failures);
  }

  private static Path newDirectory(Path place, String prefix) throws IOException {
    Path directory = Files.createTempDirectory(place, prefix);
    Path room = directory.resolve("room");
    boolean usable = false;
    try {
      Files.write(room, new byte[ROOM_BYTES]);
      usable = true;
      return directory;
    } finally {
      Files.deleteIfExists(room);
      if (!usable) {
        Files.delete(directory);
      }
    }
  }

  /**
   * Deletes a directory with all that is in it, also where modes forbid that to its owner. Symbolic
   * links are deleted, not followed.
   */
  public static void deleteTree(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
              throws IOException {
            Files.setPosixFilePermissions(visited, PrivateDirectory.MODE);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
