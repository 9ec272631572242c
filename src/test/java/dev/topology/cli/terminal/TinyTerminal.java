package dev.topology.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * As much of a terminal as is needed to see what {@link Screen} makes of one: its rows after some
 * output. Knows cursor up, erase below, automatic margins and line feeds; skips colours; refuses
 * anything else.
 */
final class TinyTerminal extends ByteArrayOutputStream {

  private final int columns;
  private final List<StringBuilder> rows = new ArrayList<>();
  private int row;
  private int column;
  private boolean wrap = true;

  TinyTerminal(int columns) {
    this.columns = columns;
  }

  int columns() {
    return columns;
  }

  /** The rows, without those at the end that are empty. */
  List<String> rows() {
    rows.clear();
    row = 0;
    column = 0;
    String text = toString(StandardCharsets.UTF_8);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\033') {
        int end = i + 2;
        while (text.charAt(end) < '@') {
          end++;
        }
        obey(text.substring(i + 2, end), text.charAt(end));
        i = end;
      } else {
        print(text.charAt(i));
      }
    }
    List<String> all = rows.stream().map(each -> each.toString().stripTrailing()).toList();
    return all.stream().limit(lastUsed(all) + 1).collect(Collectors.toList());
  }

  /** The row and column of the cursor, from 0, after {@link #rows()}. */
  List<Integer> cursor() {
    return List.of(row, column);
  }

  boolean wraps() {
    return wrap;
  }

  private static int lastUsed(List<String> all) {
    int last = all.size() - 1;
    while (last >= 0 && all.get(last).isEmpty()) {
      last--;
    }
    return last;
  }

  private void obey(String parameters, char command) {
    switch (parameters + command) {
      case "J" -> {
        rows.subList(Math.min(row + 1, rows.size()), rows.size()).clear();
        current().setLength(Math.min(column, current().length()));
      }
      case "?7l" -> wrap = false;
      case "?7h" -> wrap = true;
      default -> {
        if (command == 'A') {
          row = Math.max(0, row - Integer.parseInt(parameters));
        } else if (command != 'm') {
          throw new IllegalStateException("not known here: " + parameters + command);
        }
      }
    }
  }

  private void print(char c) {
    if (c == '\n') {
      row++;
      column = 0;
    } else if (c == '\r') {
      column = 0;
    } else {
      if (column == columns && wrap) {
        row++;
        column = 0;
      }
      int at = Math.min(column, columns - 1);
      current().setLength(Math.max(current().length(), at + 1));
      current().setCharAt(at, c);
      column = Math.min(columns, column + 1);
    }
  }

  private StringBuilder current() {
    while (rows.size() <= row) {
      rows.add(new StringBuilder());
    }
    return rows.get(row);
  }
}
