package dev.topology.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large the terminal's window is, each way at least 1. */
public record WindowSize(int rows, int columns) {

  private static final Pattern ANSWER = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})");

  /**
   * Asks the terminal that this process was started from, through stty(1), so that no native code
   * is loaded; takes some milliseconds. Nothing if there is none, or it does not know.
   */
  public static Optional<WindowSize> ask() {
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
      // No stty, or no terminal of our own to ask: what it decides has an answer without it.
      return Optional.empty();
    }
  }

  /** Takes rows and columns; a window that does not know its size says {@code 0 0}. */
  static Optional<WindowSize> parse(String rowsAndColumns) {
    Matcher answer = ANSWER.matcher(rowsAndColumns.trim());
    return answer.matches()
        ? Optional.of(
            new WindowSize(Integer.parseInt(answer.group(1)), Integer.parseInt(answer.group(2))))
        : Optional.empty();
  }
}
