package dev.topology.run.cable;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What has become of the frames on a shaped cable so far.
 *
 * @param leftToRight from the end named first in the file to the other
 * @param rightToLeft from the end named second
 */
public record CableCounters(DirectionCounters leftToRight, DirectionCounters rightToLeft) {

  /**
   * What has become of the frames of one direction so far.
   *
   * @param frames that came in
   * @param bytes of the frames that came in
   * @param deliveredFrames that went out, duplicates included
   * @param deliveredBytes of the frames that went out
   * @param lost dropped by the loss
   * @param queueFull dropped as the queue for {@code rate} had no room
   * @param notTaken dropped as the guest they were for did not take them, or too many were on the
   *     way
   * @param duplicated that were sent twice
   * @param corrupted that had a bit flipped
   * @param reordered that went without the delay
   */
  public record DirectionCounters(
      long frames,
      long bytes,
      long deliveredFrames,
      long deliveredBytes,
      long lost,
      long queueFull,
      long notTaken,
      long duplicated,
      long corrupted,
      long reordered) {

    /** Dropped, for all reasons together. */
    public long dropped() {
      return lost + queueFull + notTaken;
    }
  }

  /** Counts that one thread keeps, and any thread may read. */
  @SuppressWarnings("EnumOrdinal") // An index into this class's own array, and nothing else.
  static final class Tally {

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
}
