package dev.topology.run;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that the host's time of day went on otherwise than the time that guests live in: the host
 * was suspended, or its clock was set. What QEMU runs by, as {@link System#nanoTime}, is
 * CLOCK_MONOTONIC, which stands still in a suspended host (clock_gettime(2)). Not thread-safe.
 */
final class ClockWatch {

  /** How often to look. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** What clocks drift apart while they are adjusted is left alone. */
  private static final long TOLERANCE_MILLIS = 500;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier timeOfDayMillis;
  private final LongSupplier monotonicNanos;
  private long offset;

  /** Watches from now on. */
  ClockWatch(LongSupplier timeOfDayMillis, LongSupplier monotonicNanos) {
    this.timeOfDayMillis = timeOfDayMillis;
    this.monotonicNanos = monotonicNanos;
    this.offset = offset();
  }

  private long offset() {
    return timeOfDayMillis.getAsLong() - monotonicNanos.getAsLong() / NANOS_PER_MILLI;
  }

  /** Whether that happened since the last time. */
  boolean hasJumped() {
    long now = offset();
    boolean jumped = Math.abs(now - offset) > TOLERANCE_MILLIS;
    if (jumped) {
      offset = now;
    }
    return jumped;
  }
}
