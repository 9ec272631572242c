package dev.topology.model;

/**
 * The shaper in the middle of a cable.
 *
 * @param shaping what it does to frames at first
 * @param seed the seed of its random decisions: with the same seed, the same frames in the same
 *     order are treated alike
 */
public record Shaper(Shaping shaping, long seed) {

  /** A shaper with the cable's own seed: the same every time, different on every cable. */
  public static Shaper of(Shaping shaping, String topology, String cable) {
    return new Shaper(shaping, NameHash.of(topology, cable));
  }
}
