package dev.topology.model;

/**
 * How fast a cable carries frames. What counts is what a guest hands over: the frame from its
 * destination address to its last byte, without the preamble, check sequence and gap that a real
 * wire adds.
 *
 * @param bitsPerSecond from 1 kbit to 100 Gbit
 */
public record BitRate(long bitsPerSecond) {

  private static final long KBIT = 1_000;
  private static final long MBIT = 1_000 * KBIT;
  private static final long GBIT = 1_000 * MBIT;

  /** The least that a cable can be held to. */
  public static final BitRate LEAST = new BitRate(KBIT);

  /** The most that a cable can be held to. */
  public static final BitRate MOST = new BitRate(100 * GBIT);

  public BitRate {
    if (bitsPerSecond < KBIT || bitsPerSecond > 100 * GBIT) {
      throw new IllegalArgumentException(
          "a rate is from 1kbit to 100Gbit a second: " + bitsPerSecond + "bit");
    }
  }

  /** That many millions of bits a second. */
  public static BitRate ofMegabits(long megabits) {
    return new BitRate(Math.multiplyExact(megabits, MBIT));
  }

  /** As a user writes it: {@code 10Mbit}, {@code 1500kbit}. */
  @Override
  public String toString() {
    if (bitsPerSecond % GBIT == 0) {
      return bitsPerSecond / GBIT + "Gbit";
    }
    if (bitsPerSecond % MBIT == 0) {
      return bitsPerSecond / MBIT + "Mbit";
    }
    return bitsPerSecond % KBIT == 0 ? bitsPerSecond / KBIT + "kbit" : bitsPerSecond + "bit";
  }
}
