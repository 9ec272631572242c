package dev.topology.promises;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How long promises are tried: shortly in every build, for hours by {@code -Psoak}, and for a part
 * of that by {@code -Psoak -Dsoak=0.05}.
 */
final class Soak {

  /** The part of the full length, above 0 and up to 1; 0 in every build. */
  private static final double PART = Double.parseDouble(System.getProperty("topology.soak", "0"));

  private static final Path FIGURES = Path.of("target", "promises.txt");

  private Soak() {}

  /** How often something is tried. */
  static int times(int inEveryBuild, int atLength) {
    return (int) Math.max(inEveryBuild, Math.round(atLength * PART));
  }

  /** One of how many cases is tried; at length it is each of them. */
  static int oneOf(int inEveryBuild) {
    return isLong() ? (int) Math.min(inEveryBuild, Math.round(1 / PART)) : inEveryBuild;
  }

  static boolean isLong() {
    return PART > 0;
  }

  /** Notes a figure that was measured in {@code target/promises.txt}. */
  static synchronized void note(String figure) {
    try {
      Files.writeString(
          FIGURES, figure + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
