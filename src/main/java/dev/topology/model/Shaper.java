package dev.topology.model;

/**
 * What sits in the middle of a cable that is not a plain wire.
 *
 * @param shaping what it does to frames until it is told otherwise
 * @param seed what its chance is drawn from: with the same seed, the same frames in the same order
 *     meet the same fate
 */
public record Shaper(Shaping shaping, long seed) {

  /** A shaper whose chance is the cable's own: the same every time, another on every cable. */
  public static Shaper of(Shaping shaping, String topology, String cable) {
    return new Shaper(shaping, NameHash.of(topology, cable));
  }
}
