package dev.topology.console;

import java.util.List;

/** The last finished lines of a console, as a person would see them. Not thread-safe. */
final class Tail {

  /** Between half of this and all of it is kept. */
  private static final int CAPACITY = 128 * 1024;

  private static final byte[] LINE_END = {'\n'};

  private final TextBuffer text = new TextBuffer(CAPACITY);

  /** Adds a line without its line feed. */
  void add(byte[] utf8, int from, int count) {
    text.append(utf8, from, count);
    text.append(LINE_END, 0, 1);
  }

  /** Adds lines, each followed by a line feed. */
  void addLines(byte[] utf8, int from, int to) {
    text.append(utf8, from, to - from);
  }

  /** The last lines, the oldest first. */
  List<String> last(int lines) {
    long from = text.end();
    for (int i = 0; i < lines && from > text.start(); i++) {
      from = lineStart(from - 1);
    }
    String kept = text.text(from, text.end());
    return kept.lines().toList();
  }

  private long lineStart(long end) {
    long start = end;
    while (start > text.start() && text.bytes()[text.index(start - 1)] != '\n') {
      start--;
    }
    return start;
  }
}
