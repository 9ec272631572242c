package dev.topology.run.cable;

import dev.topology.model.Share;

/**
 * Numbers that look random, and are the same for the same seed, whatever the version of Java: the
 * SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014). Not
 * thread-safe.
 */
final class Chance {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final double UNIT = 0x1p-53;

  private long state;

  /** A sequence of its own for each purpose, so that what is drawn for one moves no other. */
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

  /** From 0 to 1, which it never is. */
  double unit() {
    return (next() >>> 11) * UNIT;
  }

  /** From 0 to less than {@code bound}. */
  int below(int bound) {
    return (int) (unit() * bound);
  }

  /** Whether the next frame is among that share of them. Draws nothing where there is no share. */
  boolean hits(Share share) {
    return !share.isNone() && unit() < share.probability();
  }
}
