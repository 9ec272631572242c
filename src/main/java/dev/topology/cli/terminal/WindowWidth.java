package dev.topology.cli.terminal;

import java.util.OptionalInt;

/**
 * The width of the terminal's window: {@code COLUMNS} if it is set, else what the window says,
 * asked for the first time somebody wants to know, else 80: it only decides where text is cut.
 * Thread-safe.
 */
public final class WindowWidth {

  private static final int USUAL = 80;

  private OptionalInt columns;

  WindowWidth(OptionalInt columns) {
    this.columns = columns;
  }

  synchronized int columns() {
    if (columns.isEmpty()) {
      columns = OptionalInt.of(WindowSize.ask().map(WindowSize::columns).orElse(USUAL));
    }
    return columns.getAsInt();
  }
}
