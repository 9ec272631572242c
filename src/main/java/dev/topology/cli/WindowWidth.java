package dev.topology.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * The width of the terminal's window: {@code COLUMNS} if it is set, else what {@code stty size}
 * says, asked for the first time somebody wants to know, else 80. Thread-safe.
 */
final class WindowWidth {

  private static final int USUAL = 80;

  private OptionalInt columns;

  WindowWidth(OptionalInt columns) {
    this.columns = columns;
  }

  synchronized int columns() {
    if (columns.isEmpty()) {
      columns = OptionalInt.of(ask());
    }
    return columns.getAsInt();
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream answer = stty.getInputStream()) {
        return parse(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // No stty, or no terminal of our own to ask: the width only decides where text is cut.
      return USUAL;
    }
  }

  /** Takes rows and columns; a window that does not know its size says {@code 0 0}. */
  static int parse(String rowsAndColumns) {
    String[] numbers = rowsAndColumns.trim().split(" ", -1);
    return numbers.length == 2 && numbers[1].matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(numbers[1])
        : USUAL;
  }
}
