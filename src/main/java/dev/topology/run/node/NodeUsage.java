package dev.topology.run.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a running node takes of the host, at one moment, from proc_pid_stat(5).
 *
 * <p>Times there are in ticks of a hundredth of a second on every architecture ({@code USER_HZ});
 * the start of a process is told as ticks since the host booted, as is the time of {@code
 * /proc/uptime}.
 *
 * @param pid the process that is its QEMU
 * @param uptime since that process was spawned
 * @param residentBytes of the host's memory that it holds, shared pages included (RSS)
 * @param cpuTime the processor time it has used, of all its threads, in user and system mode
 */
public record NodeUsage(long pid, Duration uptime, long residentBytes, Duration cpuTime) {

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Pages of 4 KiB: the only size on x86-64. */
  private static final long PAGE_BYTES = 4096;

  // Fields after the command in parentheses, which is field 2 and may hold anything.
  private static final int UTIME = 14 - 3;
  private static final int STIME = 15 - 3;
  private static final int START = 22 - 3;
  private static final int RSS = 24 - 3;

  /** What a process takes; empty where it has ended. */
  public static Optional<NodeUsage> of(long pid) {
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

  /** The share of one processor that it has used since it was spawned: 1 is all of one. */
  public double cpuShare() {
    return share(cpuTime, uptime);
  }

  /**
   * The share of one processor that it has used between two moments of the same process; of its
   * whole life where the other is of an earlier process.
   */
  public double cpuShareSince(NodeUsage earlier) {
    return earlier.pid == pid
        ? share(cpuTime.minus(earlier.cpuTime), uptime.minus(earlier.uptime))
        : cpuShare();
  }

  private static double share(Duration used, Duration passed) {
    return passed.isZero() ? 0 : (double) used.toNanos() / passed.toNanos();
  }
}
