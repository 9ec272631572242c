package dev.topology.guest;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

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

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A moment with those random bytes. */
  public static Moment of(Instant clock, byte[] seed) {
    return new Moment(clock, HexFormat.of().formatHex(seed));
  }

  /** The lines, {@code go} last, without line ends: {@code clock 1763850000.250}. */
  public List<String> lines() {
    return List.of(
        String.format(
            Locale.ROOT,
            "clock %d.%03d",
            clock.getEpochSecond(),
            clock.getNano() / NANOS_PER_MILLI),
        "seed " + seedHex,
        GO);
  }
}
