package dev.topology.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A share of the frames on a cable.
 *
 * @param billionths how many of a billion frames, from none to all of them
 */
public record Share(int billionths) {

  private static final int ALL = 1_000_000_000;
  private static final int DECIMALS_OF_PERCENT = 7;

  /** No frame. */
  public static final Share NONE = new Share(0);

  public Share {
    if (billionths < 0 || billionths > ALL) {
      throw new IllegalArgumentException("a share is from 0% to 100%: " + percent(billionths));
    }
  }

  /** So many frames of a hundred, to seven decimals. */
  public static Share ofPercent(double percent) {
    return ofPercent(BigDecimal.valueOf(percent));
  }

  /** So many frames of a hundred, to seven decimals. */
  public static Share ofPercent(BigDecimal percent) {
    BigDecimal billionths =
        percent.movePointRight(DECIMALS_OF_PERCENT).setScale(0, RoundingMode.HALF_UP);
    return new Share(billionths.intValueExact());
  }

  /** How likely one frame is among them, from 0 to 1. */
  public double probability() {
    return (double) billionths / ALL;
  }

  /** Whether it is no frame at all. */
  public boolean isNone() {
    return billionths == 0;
  }

  /** As a user writes it: {@code 0.5%}. */
  @Override
  public String toString() {
    return percent(billionths);
  }

  private static String percent(int billionths) {
    BigDecimal percent = BigDecimal.valueOf(billionths, DECIMALS_OF_PERCENT);
    return percent.stripTrailingZeros().toPlainString() + "%";
  }
}
