package dev.topology.host;

/**
 * How fast the host's time stamp counter counts, which under TCG is also how fast a guest's does.
 *
 * @param khz in kHz, more than 0
 * @param origin how it was found out
 */
public record TscRate(long khz, Origin origin) {

  public TscRate {
    if (khz <= 0) {
      throw new IllegalArgumentException("a counter that stands still: " + khz + " kHz");
    }
  }

  /** How it was found out, from good to poor. */
  public enum Origin {
    /** Timed against the i8254 timer of an emulated machine: right to a few parts in a million. */
    MEASURED,
    /**
     * The processor's frequency as /proc/cpuinfo has it, because the measurement failed. Where the
     * frequency changes with the load that is not the counter's, and guests' clocks run wrong.
     */
    CPU_FREQUENCY
  }
}
