package dev.topology.source;

import java.util.PrimitiveIterator;

/**
 * One line of a text made ready to stand above its carets: tabs as spaces, nothing that could move
 * the cursor, and no longer than fits, cut around the place in question.
 */
final class Excerpt {

  private static final int LONGEST = 100;
  private static final int LEAD = 40;
  private static final int TAB = 4;
  private static final String CUT = "…";

  private final StringBuilder shown = new StringBuilder();
  private final int from;
  private final int to;
  private int column;
  private int width;
  private int caretStart;
  private int caretEnd;
  private boolean cutAfter;

  /**
   * Lays out a line.
   *
   * @param start first column to underline, counted in code points from 1
   * @param end the column after the last to underline
   */
  Excerpt(String line, int start, int end) {
    int length = line.codePointCount(0, line.length());
    this.from = length <= LONGEST || start <= LEAD ? 1 : start - LEAD;
    this.to = from + LONGEST;
    lay(line, start, end);
  }

  String text() {
    return (from > 1 ? CUT : "") + shown + (cutAfter ? CUT : "");
  }

  /** Spaces before the first caret. */
  int indent() {
    return caretStart + (from > 1 ? 1 : 0);
  }

  /** How many carets: at least 1. */
  int carets() {
    return Math.max(1, caretEnd - caretStart);
  }

  private void lay(String line, int start, int end) {
    PrimitiveIterator.OfInt codePoints = line.codePoints().iterator();
    caretStart = -1;
    while (codePoints.hasNext()) {
      int codePoint = codePoints.nextInt();
      column++;
      mark(start, end);
      if (column >= from && column < to) {
        show(codePoint);
      }
    }
    cutAfter = column >= to;
    column++;
    mark(start, end);
    caretStart = caretStart < 0 ? width : caretStart;
    caretEnd = caretEnd < caretStart ? width : caretEnd;
  }

  private void mark(int start, int end) {
    if (column == start) {
      caretStart = width;
    }
    if (column == end) {
      caretEnd = width;
    }
  }

  private void show(int codePoint) {
    if (codePoint == '\t') {
      int spaces = TAB - width % TAB;
      shown.append(" ".repeat(spaces));
      width += spaces;
    } else if (DisplayWidth.isUnprintable(codePoint)) {
      shown.append('\uFFFD');
      width++;
    } else {
      shown.appendCodePoint(codePoint);
      width += DisplayWidth.of(codePoint);
    }
  }
}
