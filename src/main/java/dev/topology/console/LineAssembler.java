package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Cuts clean text into lines.
 *
 * <p>A lone carriage return starts the line again, so of a progress bar the last state is left; a
 * backspace takes back a character. A line is at most {@link #LONGEST} bytes of UTF-8 long, the
 * limit a terminal has for its own input lines (termios(3), canonical mode); what is longer is cut
 * between characters and goes on as another line.
 *
 * <p>Works on bytes, since most lines are never shown to anybody. Not thread-safe.
 */
final class LineAssembler {

  /** The most bytes of UTF-8 in one line. */
  static final int LONGEST = 4096;

  /** Takes lines as bytes, which it must copy: they change after the call. */
  interface Sink {

    /** Whole lines of which nothing was given out before, each followed by a line feed. */
    void lines(byte[] utf8, int from, int to);

    /** A line without its line feed. */
    void line(byte[] utf8, int from, int count, boolean finished);
  }

  private final Sink sink;
  private final byte[] line = new byte[LONGEST];
  private int length;
  private boolean shown;
  private boolean changed;

  LineAssembler(Sink sink) {
    this.sink = sink;
  }

  void accept(CleanText clean) {
    byte[] bytes = clean.bytes();
    int blockStart = 0;
    int lineStart = 0;
    for (int i = 0; i < clean.controlCount(); i++) {
      int at = clean.control(i);
      boolean ordinary =
          bytes[at] == CleanText.LINE_END && isUntouched() && at - lineStart <= LONGEST;
      if (!ordinary) {
        giveOut(bytes, blockStart, lineStart);
        text(bytes, lineStart, at);
        obey(bytes[at]);
        blockStart = at + 1;
      }
      lineStart = at + 1;
    }
    giveOut(bytes, blockStart, lineStart);
    text(bytes, lineStart, clean.length());
  }

  private void giveOut(byte[] bytes, int from, int to) {
    if (to > from) {
      sink.lines(bytes, from, to);
    }
  }

  private void obey(byte control) {
    switch (control) {
      case CleanText.LINE_END -> finish();
      case CleanText.LINE_START -> rewind(0);
      default -> rewind(start(line, 0, length - 1));
    }
  }

  private boolean isUntouched() {
    return length == 0 && !shown;
  }

  private void text(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at > LONGEST - length) {
      int fits = start(bytes, at, at + LONGEST - length) - at;
      append(bytes, at, fits);
      at += fits;
      finish();
    }
    append(bytes, at, to - at);
  }

  private void append(byte[] bytes, int from, int count) {
    System.arraycopy(bytes, from, line, length, count);
    length += count;
    changed |= count > 0;
  }

  /** The start of the character that the byte at {@code at} belongs to, not before {@code from}. */
  private static int start(byte[] utf8, int from, int at) {
    int start = at;
    while (start > from && (utf8[start] & 0xC0) == 0x80) {
      start--;
    }
    return Math.max(start, from);
  }

  private void rewind(int to) {
    length = to;
    changed = true;
  }

  private void finish() {
    sink.line(line, 0, length, true);
    length = 0;
    shown = false;
    changed = false;
  }

  /** Whether there is an unfinished line of which something has not been given out yet. */
  boolean hasNews() {
    return changed && length > 0;
  }

  /** Gives out the unfinished line if there is something new in it. */
  void giveOutUnfinished() {
    if (hasNews()) {
      sink.line(line, 0, length, false);
      shown = true;
      changed = false;
    }
  }

  /** The line that has not ended yet; empty if there is none. */
  String unfinished() {
    return new String(line, 0, length, UTF_8);
  }

  /** Gives out as finished what the end of the stream left unfinished. */
  void end() {
    if (!(length == 0 && !shown)) {
      finish();
    }
  }
}
