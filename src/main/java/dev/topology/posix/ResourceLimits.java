package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this process may use, {@code getrlimit(2)}. A JVM raises the number of open files to the
 * hard limit when it starts; its children inherit that.
 */
public record ResourceLimits(Limit openFiles, Limit processes) {
  private static final Path SOURCE = Path.of("/proc/self/limits");

  /**
   * A limit in force, and how far this process may raise it.
   *
   * @param soft what is enforced; {@link #UNLIMITED} if nothing
   * @param hard up to where it can be raised; {@link #UNLIMITED} if without end
   */
  public record Limit(long soft, long hard) {
    /** More than anyone can use. */
    public static final long UNLIMITED = Long.MAX_VALUE;
  }

  /**
   * The limits now. Read from {@code /proc}, see proc(5), which needs no native code.
   *
   * @throws IOException if {@code /proc} is not there
   */
  public static ResourceLimits current() throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    return new ResourceLimits(limit(lines, "Max open files"), limit(lines, "Max processes"));
  }

  private static Limit limit(List<String> lines, String name) throws IOException {
    for (String line : lines) {
      if (line.startsWith(name)) {
        String[] columns = line.substring(name.length()).trim().split("\\s+", 3);
        return new Limit(number(columns[0]), number(columns[1]));
      }
    }
    throw new IOException(SOURCE + " says nothing of \"" + name + "\"");
  }

  private static long number(String text) {
    return text.equals("unlimited") ? Limit.UNLIMITED : Long.parseLong(text);
  }
}
