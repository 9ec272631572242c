package dev.topology.suite;

import java.util.regex.Pattern;

/** Searches what a guest wrote for a user's regular expression, for a bounded time. */
final class Finder {

  /** Steps of the search; some seconds. A good expression takes a few for each character. */
  private static final long FUEL = 500_000_000;

  /** What came of it. */
  enum Finding {
    FOUND,
    ABSENT,
    TOO_COSTLY
  }

  private Finder() {}

  static Finding find(Pattern regex, String text) {
    // With a line end, for the last line and for none: at the end of a text there is no "^" in
    // Java.
    String lines = text.replace("\r\n", "\n") + "\n";
    try {
      return regex.matcher(new Counted(lines, new Fuel())).find() ? Finding.FOUND : Finding.ABSENT;
    } catch (OutOfFuel | StackOverflowError e) {
      return Finding.TOO_COSTLY;
    }
  }

  private static final class OutOfFuel extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutOfFuel() {
      super("", null, false, false);
    }
  }

  /** Steps that are left. */
  private static final class Fuel {
    private long left = FUEL;
  }

  /** A text that can be looked at so often, in whole and in parts. */
  private record Counted(CharSequence text, Fuel fuel) implements CharSequence {

    @Override
    public char charAt(int index) {
      if (--fuel.left < 0) {
        throw new OutOfFuel();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), fuel);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
