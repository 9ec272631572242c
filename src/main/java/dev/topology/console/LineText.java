package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of UTF-8 as a regular expression sees it, without a copy where it is all ASCII.
 *
 * <p>Each character read costs a unit of fuel: a pattern that backtracks without end is stopped
 * after the same number of steps every time, without a clock. Not thread-safe.
 */
final class LineText implements CharSequence {

  /** How many characters may be read for one line. */
  static final int FUEL = 20_000_000;

  private final byte[] utf8;
  private final int from;
  private final int length;
  private final @Nullable String decoded;
  private int fuel = FUEL;

  LineText(byte[] utf8, int from, int count) {
    this.utf8 = utf8;
    this.from = from;
    this.decoded = isAscii(utf8, from, count) ? null : new String(utf8, from, count, UTF_8);
    this.length = decoded == null ? count : decoded.length();
  }

  private static boolean isAscii(byte[] utf8, int from, int count) {
    int bits = 0;
    for (int i = from; i < from + count; i++) {
      bits |= utf8[i];
    }
    return bits >= 0;
  }

  @Override
  public char charAt(int index) {
    if (--fuel < 0) {
      throw new Search.TooCostlyException(
          "it took more than " + FUEL + " steps on a line of " + length + " characters");
    }
    return decoded == null ? (char) utf8[from + index] : decoded.charAt(index);
  }

  @Override
  public int length() {
    return length;
  }

  /** How many bytes of UTF-8 the first characters take. */
  int bytesOf(int characters) {
    return decoded == null ? characters : decoded.substring(0, characters).getBytes(UTF_8).length;
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return decoded == null
        ? new String(utf8, from + start, end - start, UTF_8)
        : decoded.substring(start, end);
  }

  @Override
  public String toString() {
    return subSequence(0, length).toString();
  }

  /** The last finished lines of a console, as a person would see them. Not thread-safe. */
  static final class Tail {

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
}
