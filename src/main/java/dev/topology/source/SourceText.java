package dev.topology.source;

import dev.topology.source.Location.Position;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A text a user wrote, with its name, line by line.
 *
 * <p>Lines end in LF, CR LF or CR, as editors see them. Two texts are equal only if they are the
 * same object. Immutable.
 */
public final class SourceText {

  private final String name;
  private final String text;
  private final boolean compiled;
  private final int[] lineStarts;
  private final int[] lineStartsInCodePoints;

  /**
   * A text under the name its diagnostics give it.
   *
   * @param name a file as the user named it, or a stand-in such as {@code <stdin>}
   * @param text the whole of it; empty where the text could not be read
   */
  public SourceText(String name, String text) {
    this(name, text, false);
  }

  private SourceText(String name, String text, boolean compiled) {
    this.name = name;
    this.text = text;
    this.compiled = compiled;
    this.lineStarts = lineStarts(text);
    this.lineStartsInCodePoints = inCodePoints(text, lineStarts);
  }

  /**
   * A text of which a compiler has left the name and line numbers only, such as a Java file seen
   * from the running program. There is nothing to quote, and columns are never shown: they do no
   * more than keep several things on one line apart and in order.
   *
   * @param name as the compiler noted it: {@code FailoverTest.java}
   */
  public static SourceText compiled(String name) {
    return new SourceText(name, "", true);
  }

  public String name() {
    return name;
  }

  public String text() {
    return text;
  }

  /** Whether there is nothing to quote from. */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** Whether lines have numbers, but no columns to show. */
  public boolean isCompiled() {
    return compiled;
  }

  /** How many lines there are: at least 1. */
  public int lineCount() {
    return lineStarts.length;
  }

  /**
   * A line without its end.
   *
   * @param number 1 to {@link #lineCount()}
   */
  public String line(int number) {
    int start = lineStarts[number - 1];
    int end = number == lineStarts.length ? text.length() : lineStarts[number];
    while (end > start && isLineEnd(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Where the code point with that index is, counting from 0; past the end means the end. */
  public Position positionOf(int codePoint) {
    int found = Arrays.binarySearch(lineStartsInCodePoints, codePoint);
    int line = found >= 0 ? found : -found - 2;
    return new Position(line + 1, codePoint - lineStartsInCodePoints[line] + 1);
  }

  /** The stretch between two code points, the second one excluded. */
  public Location locate(int fromCodePoint, int toCodePoint) {
    return new Location(this, positionOf(fromCodePoint), positionOf(toCodePoint));
  }

  private static int[] lineStarts(String text) {
    return IntStream.rangeClosed(0, text.length()).filter(at -> startsLine(text, at)).toArray();
  }

  private static boolean startsLine(String text, int at) {
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    boolean insideCrLf = before == '\r' && at < text.length() && text.charAt(at) == '\n';
    return isLineEnd(before) && !insideCrLf;
  }

  private static boolean isLineEnd(char character) {
    return character == '\n' || character == '\r';
  }

  private static int[] inCodePoints(String text, int[] starts) {
    int[] converted = new int[starts.length];
    for (int line = 1; line < starts.length; line++) {
      converted[line] = converted[line - 1] + text.codePointCount(starts[line - 1], starts[line]);
    }
    return converted;
  }

  @Override
  public String toString() {
    return name;
  }
}
