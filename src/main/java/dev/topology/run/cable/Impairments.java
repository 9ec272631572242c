package dev.topology.run.cable;

import dev.topology.model.Shaping;
import dev.topology.model.Share;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The random effects on the frames of one direction: loss, duplicates, bit errors, overtaking,
 * jitter. Not thread-safe.
 */
final class Impairments {

  private final Chance loss;
  private final Chance duplicate;
  private final Chance corrupt;
  private final Chance place;
  private final Chance reorder;
  private final Chance jitter;
  private Shaping shaping = Shaping.NONE;
  private long delayNanos;
  private long jitterNanos;

  Impairments(long seed) {
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

  /** How far each of its sequences has come. */
  List<Long> chances() {
    return all().map(it -> it.state).toList();
  }

  /** Goes on where another of the same settings was. */
  void restore(List<Long> chances) {
    Iterator<Long> states = chances.iterator();
    all().forEach(it -> it.state = states.next());
  }

  private Stream<Chance> all() {
    return Stream.of(loss, duplicate, corrupt, place, reorder, jitter);
  }

  boolean isLost() {
    return loss.hits(shaping.loss());
  }

  boolean isDuplicated() {
    return duplicate.hits(shaping.duplicate());
  }

  /** By chance, flips one bit of the frame; whether it did. */
  boolean corrupts(ByteBuffer memory, int offset, int length) {
    if (length == 0 || !corrupt.hits(shaping.corrupt())) {
      return false;
    }
    int bit = place.below(length * Byte.SIZE);
    int at = offset + bit / Byte.SIZE;
    memory.put(at, (byte) (memory.get(at) ^ 1 << bit % Byte.SIZE));
    return true;
  }

  /** Whether the next frame is not delayed, and so overtakes others. Never if there is no delay. */
  boolean overtakes() {
    return delayNanos > 0 && reorder.hits(shaping.reorder());
  }

  /** The delay, with jitter, of a frame that does not overtake. */
  long travelNanos() {
    return jitterNanos == 0
        ? delayNanos
        : delayNanos + Math.round((2 * jitter.unit() - 1) * jitterNanos);
  }

  /**
   * Numbers that look random, and are the same for the same seed, whatever the version of Java: the
   * SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
   * Not thread-safe.
   */
  static final class Chance {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final double UNIT = 0x1p-53;

    private long state;

    /** Each purpose has its own sequence, so drawing for one does not change another. */
    Chance(long seed, int purpose) {
      this.state = mix(seed + GOLDEN_GAMMA * (purpose + 1));
    }

    private static long mix(long bits) {
      long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
      return mixed ^ mixed >>> 31;
    }

    private long next() {
      state += GOLDEN_GAMMA;
      return mix(state);
    }

    /** From 0 to less than 1. */
    double unit() {
      return (next() >>> 11) * UNIT;
    }

    /** From 0 to less than {@code bound}. */
    int below(int bound) {
      return (int) (unit() * bound);
    }

    /** Whether the next frame is one of that share of all. A share of 0 draws no number. */
    boolean hits(Share share) {
      return !share.isNone() && unit() < share.probability();
    }
  }
}
