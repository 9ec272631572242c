package dev.topology.source;

/**
 * One line of a text made ready to stand above its carets: tabs as spaces, nothing that could move
 * the cursor, and no longer than fits, cut around the place in question.
 *
 * @param text the line
 * @param indent columns before the first caret
 * @param carets how many there are: at least 1
 */
record Excerpt(String text, int indent, int carets) {

  private static final int LONGEST = 100;
  private static final int LEAD = 40;
  private static final int TAB = 4;
  private static final char CUT = '…';

  /**
   * Lays out a line.
   *
   * @param start first column to underline, counted in code points from 1
   * @param end the column after the last to underline
   */
  static Excerpt of(String line, int start, int end) {
    int length = line.codePointCount(0, line.length());
    int first = length <= LONGEST || start <= LEAD ? 1 : Math.min(start - LEAD, length);
    int[] shown = line.codePoints().skip(first - 1L).limit(LONGEST).toArray();
    Layout layout = new Layout();
    if (first > 1) {
      layout.append(CUT);
    }
    int indent = layout.widthUpTo(shown, start - first);
    int stop = layout.widthUpTo(shown, end - first);
    layout.widthUpTo(shown, shown.length);
    if (first - 1 + shown.length < length) {
      layout.append(CUT);
    }
    return new Excerpt(layout.text.toString(), indent, Math.max(1, stop - indent));
  }

  /** Characters as far as they are laid out. */
  private static final class Layout {
    private final StringBuilder text = new StringBuilder();
    private int width;
    private int done;

    /**
     * Lays out the characters before an index, as far as there are any, and says how wide all is.
     */
    int widthUpTo(int[] codePoints, int index) {
      for (; done < Math.min(index, codePoints.length); done++) {
        append(codePoints[done]);
      }
      return width;
    }

    void append(int codePoint) {
      if (codePoint == '\t') {
        int spaces = TAB - width % TAB;
        text.append(" ".repeat(spaces));
        width += spaces;
      } else if (DisplayWidth.isUnprintable(codePoint)) {
        text.append('\uFFFD');
        width++;
      } else {
        text.appendCodePoint(codePoint);
        width += DisplayWidth.of(codePoint);
      }
    }
  }
}
