package dev.topology.promises;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How long promises are tried: shortly in every build, and for hours by {@code -Psoak}. */
final class Soak {

  private static final boolean LONG = Boolean.getBoolean("topology.soak");

  private static final Path FIGURES = Path.of("target", "promises.txt");

  private Soak() {}

  /** How often something is tried. */
  static int times(int inEveryBuild, int atLength) {
    return LONG ? atLength : inEveryBuild;
  }

  static boolean isLong() {
    return LONG;
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
