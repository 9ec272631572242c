package dev.topology.text;

import java.time.Duration;
import java.util.List;

/** Quantities as people read them, the same in every message. */
public final class HumanText {

  private HumanText() {}

  /** {@code 12 ms}, {@code 1.6 s}, {@code 59.9 s}, {@code 1 min 5 s}, {@code 2 h 3 min}. */
  public static String duration(Duration duration) {
    if (duration.isNegative()) {
      return "-" + duration(duration.negated());
    }
    long millis = duration.toMillis();
    if (millis < 100) {
      return millis + " ms";
    }
    long tenths = (millis + 50) / 100;
    if (tenths < 600) {
      return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " s";
    }
    return longDuration((millis + 500) / 1000);
  }

  /** A duration that is shown while it grows: always with its tenths, {@code 2.0 s}. */
  public static String elapsed(Duration duration) {
    long tenths = duration.toMillis() / 100;
    return tenths < 600 ? tenths / 10 + "." + tenths % 10 + " s" : longDuration(tenths / 10);
  }

  private static String longDuration(long seconds) {
    long minutes = seconds / 60;
    return minutes < 60
        ? minutes + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s")
        : minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }

  /** Bytes in decimal units: {@code 512 B}, {@code 12.3 kB}, {@code 0.9 MB}, {@code 26.7 MB}. */
  public static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    } else if (bytes < 100_000) {
      return tenths(bytes, 1_000, "kB");
    } else if (bytes < 999_950_000) {
      return tenths(bytes, 1_000_000, "MB");
    }
    return tenths(bytes, 1_000_000_000, "GB");
  }

  /** Not by String.format, which takes 6 ms to load. */
  private static String tenths(long bytes, long unit, String name) {
    long tenth = unit / 10;
    long tenths = bytes / tenth + (bytes % tenth * 2 >= tenth ? 1 : 0);
    return tenths / 10 + "." + tenths % 10 + " " + name;
  }

  /** {@code 1 node}, {@code 2 nodes}; for nouns whose plural ends in s. */
  public static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /**
   * {@code a}, {@code a and b}, {@code a, b and c}, {@code a, b and 3 others}.
   *
   * @param limit how many are named at most when others are left, at least 1
   */
  public static String list(List<String> names, int limit) {
    if (names.size() > limit + 1) {
      int others = names.size() - limit;
      return String.join(", ", names.subList(0, limit)) + " and " + others + " others";
    }
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
