package dev.topology.run.node;

import java.time.Duration;

/**
 * What a running node takes of the host, at one moment.
 *
 * @param pid the process that is its QEMU
 * @param uptime since that process was spawned
 * @param residentBytes of the host's memory that it holds, shared pages included (RSS)
 * @param cpuTime the processor time it has used, of all its threads, in user and system mode
 */
public record NodeUsage(long pid, Duration uptime, long residentBytes, Duration cpuTime) {

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
