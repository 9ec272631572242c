package dev.topology.run.node;

import java.time.Duration;

/** A moment by which something has to have happened, for calls that wait several times. */
public final class Deadline {

  private final Duration time;
  private final long end;

  private Deadline(Duration time) {
    this.time = time;
    this.end = System.nanoTime() + time.toNanos();
  }

  public static Deadline in(Duration time) {
    return new Deadline(time);
  }

  /** All the time there was, for messages. */
  Duration time() {
    return time;
  }

  /** What is left of it; zero once it has passed. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }
}
