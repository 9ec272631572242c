package dev.topology.run.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What Linux tells of a process: proc_pid_stat(5).
 *
 * <p>Its times are in ticks of a hundredth of a second on every architecture ({@code USER_HZ}); its
 * start is told as ticks since the host booted, as is the time of {@code /proc/uptime}.
 */
public final class HostProcess {

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Pages of 4 KiB: the only size on x86-64. */
  private static final long PAGE_BYTES = 4096;

  // Fields after the command in parentheses, which is field 2 and may hold anything.
  private static final int UTIME = 14 - 3;
  private static final int STIME = 15 - 3;
  private static final int START = 22 - 3;
  private static final int RSS = 24 - 3;

  private HostProcess() {}

  /** What a process takes; empty where it has ended. */
  public static Optional<NodeUsage> usage(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (fields[0].equals("Z")) {
        return Optional.empty();
      }
      long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
      Duration since = Duration.ofNanos(Long.parseLong(fields[START]) * NANOS_PER_TICK);
      return Optional.of(
          new NodeUsage(
              pid,
              hostUptime().minus(since),
              Long.parseLong(fields[RSS]) * PAGE_BYTES,
              Duration.ofNanos(ticks * NANOS_PER_TICK)));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static Duration hostUptime() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return Duration.ofNanos((long) (seconds * NANOS_PER_SECOND));
  }
}
