package dev.topology.language.format;

import dev.topology.language.format.Piece.Remark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of the result as they are written. Comments at the ends of lines that stood below each
 * other do so afterwards.
 */
final class Rows {

  /** The least that stands between a line and its comment. */
  private static final int APART = 2;

  private record Row(String text, Optional<Remark> comment) {}

  private final List<Row> rows = new ArrayList<>();
  private StringBuilder row = new StringBuilder();
  private boolean isOpen;

  /** Whether something is written on the line now. */
  boolean isOpen() {
    return isOpen;
  }

  void append(String text) {
    row.append(text);
    isOpen = true;
  }

  /** Ends the line, if one is begun, and begins one at that column. */
  void start(int column) {
    close(Optional.empty());
    row.append(" ".repeat(column));
  }

  /** Ends the line, if one is begun. */
  void close(Optional<Remark> comment) {
    if (isOpen) {
      rows.add(new Row(row.toString(), comment));
    }
    row = new StringBuilder();
    isOpen = false;
  }

  /** A line as it is. */
  void whole(String text) {
    close(Optional.empty());
    rows.add(new Row(text, Optional.empty()));
  }

  /** A blank line, unless there is one, or it would be the first. */
  void blank() {
    close(Optional.empty());
    if (!rows.isEmpty() && !rows.get(rows.size() - 1).text().isEmpty()) {
      whole("");
    }
  }

  String text() {
    close(Optional.empty());
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < rows.size(); at++) {
      Row it = rows.get(at);
      text.append(it.text());
      if (it.comment().isPresent()) {
        int gap = column(at) - width(it);
        text.append(" ".repeat(gap)).append(it.comment().get().text());
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Where the comment of a row goes: behind the longest of the rows it was in line with. */
  private int column(int at) {
    int first = at;
    int last = at;
    while (first > 0 && areInLine(first - 1, first)) {
      first--;
    }
    while (last < rows.size() - 1 && areInLine(last, last + 1)) {
      last++;
    }
    return rows.subList(first, last + 1).stream().mapToInt(Rows::width).max().orElseThrow() + APART;
  }

  private boolean areInLine(int above, int below) {
    Optional<Remark> upper = rows.get(above).comment();
    Optional<Remark> lower = rows.get(below).comment();
    return upper.isPresent() && lower.isPresent() && upper.get().column() == lower.get().column();
  }

  private static int width(Row row) {
    return row.text().codePointCount(0, row.text().length());
  }
}
