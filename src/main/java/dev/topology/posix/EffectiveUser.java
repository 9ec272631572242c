package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The user whose rights this process has.
 *
 * @param uid the user's number, from 0
 */
public record EffectiveUser(long uid) {
  private static final Path SOURCE = Path.of("/proc/self/status");

  /**
   * The user now. Read from {@code /proc}, see proc(5), which needs no native code.
   *
   * @throws IOException if {@code /proc} is not there
   */
  public static EffectiveUser current() throws IOException {
    for (String line : Files.readAllLines(SOURCE)) {
      if (line.startsWith("Uid:")) {
        // Real, effective, saved and file-system uid.
        return new EffectiveUser(Long.parseLong(line.split("\\s+", 4)[2]));
      }
    }
    throw new IOException(SOURCE + " does not say who the user is");
  }
}
