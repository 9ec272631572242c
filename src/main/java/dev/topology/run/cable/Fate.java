package dev.topology.run.cable;

import dev.topology.model.Shaping;
import java.nio.ByteBuffer;

/** What chance does to the frames of one direction. Not thread-safe. */
final class Fate {

  private final Chance loss;
  private final Chance duplicate;
  private final Chance corrupt;
  private final Chance place;
  private final Chance reorder;
  private final Chance jitter;
  private Shaping shaping = Shaping.NONE;
  private long delayNanos;
  private long jitterNanos;

  Fate(long seed) {
    loss = new Chance(seed, 0);
    duplicate = new Chance(seed, 1);
    corrupt = new Chance(seed, 2);
    place = new Chance(seed, 3);
    reorder = new Chance(seed, 4);
    jitter = new Chance(seed, 5);
  }

  void follow(Shaping changed) {
    shaping = changed;
    delayNanos = changed.delay().toNanos();
    jitterNanos = changed.jitter().toNanos();
  }

  boolean isLost() {
    return loss.hits(shaping.loss());
  }

  boolean isDuplicated() {
    return duplicate.hits(shaping.duplicate());
  }

  /** Flips one bit of the frame there, or none; and says which. */
  boolean corrupts(ByteBuffer memory, int offset, int length) {
    if (length == 0 || !corrupt.hits(shaping.corrupt())) {
      return false;
    }
    int bit = place.below(length * Byte.SIZE);
    int at = offset + bit / Byte.SIZE;
    memory.put(at, (byte) (memory.get(at) ^ 1 << bit % Byte.SIZE));
    return true;
  }

  /** Whether a frame goes without the delay. Where there is none, none does. */
  boolean overtakes() {
    return delayNanos > 0 && reorder.hits(shaping.reorder());
  }

  /** How long a frame travels that does not overtake. */
  long travelNanos() {
    return jitterNanos == 0
        ? delayNanos
        : delayNanos + Math.round((2 * jitter.unit() - 1) * jitterNanos);
  }
}
