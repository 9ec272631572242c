package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Directories for temporary files: {@code $TMPDIR} and {@code /tmp} as usual, and others in case
 * those are full or read-only.
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
}
