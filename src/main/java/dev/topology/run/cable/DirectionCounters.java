package dev.topology.run.cable;

/**
 * What has become of the frames of one direction so far.
 *
 * @param frames that came in
 * @param bytes of the frames that came in
 * @param deliveredFrames that went out, duplicates included
 * @param deliveredBytes of the frames that went out
 * @param lost dropped by the loss
 * @param queueFull dropped as the queue for {@code rate} had no room
 * @param notTaken dropped as the guest they were for did not take them, or too many were on the way
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

  /** Dropped for whatever reason. */
  public long dropped() {
    return lost + queueFull + notTaken;
  }
}
