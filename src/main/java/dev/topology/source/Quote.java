package dev.topology.source;

/** A user's own words as a part of a message of one line. */
public final class Quote {

  private static final int LONGEST = 60;

  private Quote() {}

  /** The text in double quotes, shortened if long, with nothing in it that could move a cursor. */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(it -> append(quoted, it));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      quoted.append('…');
    }
    return quoted.append('"').toString();
  }

  /** The text with escapes for characters that could move a cursor or end the line. */
  public static String printable(String text) {
    if (text.codePoints().noneMatch(Quote::isUnprintable)) {
      return text;
    }
    StringBuilder printable = new StringBuilder();
    text.codePoints().forEach(it -> append(printable, it));
    return printable.toString();
  }

  private static void append(StringBuilder quoted, int codePoint) {
    switch (codePoint) {
      case '\n' -> quoted.append("\\n");
      case '\t' -> quoted.append("\\t");
      case '\r' -> quoted.append("\\r");
      default -> {
        if (isUnprintable(codePoint)) {
          quoted.append(String.format("\\u%04X", codePoint));
        } else {
          quoted.appendCodePoint(codePoint);
        }
      }
    }
  }

  /** Whether it is a control or formatting character, which can confuse a terminal or a reader. */
  static boolean isUnprintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
