package dev.topology.cli.terminal;

import java.util.List;

/**
 * Works out the bytes that change a terminal whose last rows are redrawn in place: perhaps an
 * <b>open row</b>, a line that is still growing, and below it the <b>live rows</b>, such as a
 * status line.
 *
 * <p>Those rows are drawn with automatic margins off (DECAWM, reset and set within one write), so
 * that each takes exactly one row however narrow the window; and the cursor is never hidden, so it
 * cannot be left hidden. The cursor rests in the last of them.
 */
public final class Screen {

  private static final String NO_WRAP = "\033[?7l";
  private static final String WRAP = "\033[?7h";
  private static final String ERASE_BELOW = "\033[J";

  private String openRow = "";
  private boolean open;
  private List<String> live = List.of();
  private int drawn;

  /** Rows that stay, each with its line feed; the open row is left open below them. */
  String print(String rows) {
    return undraw() + rows + draw();
  }

  /** Opens a row below what stays, or writes the open row anew. */
  String open(String row) {
    String undrawn = undraw();
    open = true;
    openRow = row;
    return undrawn + draw();
  }

  /** Lets the open row, if there is one, stay as it is. */
  String close() {
    if (!open) {
      return "";
    }
    String undrawn = undraw();
    open = false;
    return undrawn + openRow + "\n" + draw();
  }

  /** Closes the open row with other text in it. */
  String close(String row) {
    openRow = row;
    return close();
  }

  boolean isOpen() {
    return open;
  }

  /** Replaces the live rows; the empty string if they are the same. */
  String live(List<String> rows) {
    if (rows.equals(live)) {
      return "";
    }
    String undrawn = undraw();
    live = List.copyOf(rows);
    return undrawn + draw();
  }

  private String undraw() {
    int rows = drawn;
    drawn = 0;
    if (rows == 0) {
      return "";
    }
    return "\r" + (rows > 1 ? "\033[" + (rows - 1) + "A" : "") + ERASE_BELOW;
  }

  private String draw() {
    drawn = live.size() + (open ? 1 : 0);
    if (drawn == 0) {
      return "";
    }
    String rows = String.join("\n", live);
    String gap = open && !live.isEmpty() ? "\n" : "";
    return NO_WRAP + (open ? openRow : "") + gap + rows + WRAP + (live.isEmpty() ? "" : "\r");
  }
}
