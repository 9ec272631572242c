package dev.topology.plan.guest;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What a guest is told that is true only of the moment it starts, and the word that lets it go.
 * Comes after its {@link Greeting}.
 *
 * @param clock the time it is
 * @param seedHex fresh random bytes for the guest's own random numbers, as hexadecimal digits
 */
public record Moment(Instant clock, String seedHex) {

  /** The last line: the guest acts on all that it was told. */
  public static final String GO = "go";

  private static final int MILLI_DIGITS = 3;

  /** A moment with those random bytes. */
  public static Moment of(Instant clock, byte[] seed) {
    return new Moment(clock, HexFormat.of().formatHex(seed));
  }

  /** The lines, without line ends: {@code clock 1763850000.250}. */
  public List<String> lines() {
    return List.of("clock " + seconds(), "seed " + seedHex);
  }

  /** Seconds since 1970 with three decimals. */
  private String seconds() {
    return BigDecimal.valueOf(clock.toEpochMilli(), MILLI_DIGITS).toPlainString();
  }
}
