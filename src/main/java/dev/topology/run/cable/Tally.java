package dev.topology.run.cable;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts that one thread keeps, and any thread may read. */
@SuppressWarnings("EnumOrdinal") // An index into this class's own array, and nothing else.
final class Tally {

  /** What is counted: the components of {@link DirectionCounters}. */
  enum Count {
    FRAMES,
    BYTES,
    DELIVERED_FRAMES,
    DELIVERED_BYTES,
    LOST,
    QUEUE_FULL,
    NOT_TAKEN,
    DUPLICATED,
    CORRUPTED,
    REORDERED
  }

  private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

  void add(Count what, long number) {
    // One writer: no need for the bus lock that an atomic addition takes.
    counts.setRelease(what.ordinal(), counts.getPlain(what.ordinal()) + number);
  }

  void add(Count what) {
    add(what, 1);
  }

  DirectionCounters soFar() {
    return new DirectionCounters(
        get(Count.FRAMES),
        get(Count.BYTES),
        get(Count.DELIVERED_FRAMES),
        get(Count.DELIVERED_BYTES),
        get(Count.LOST),
        get(Count.QUEUE_FULL),
        get(Count.NOT_TAKEN),
        get(Count.DUPLICATED),
        get(Count.CORRUPTED),
        get(Count.REORDERED));
  }

  private long get(Count what) {
    return counts.getAcquire(what.ordinal());
  }
}
