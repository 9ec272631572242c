package dev.topology.console;

import dev.topology.console.Search.LineSearch;
import java.util.regex.Pattern;

/**
 * What somebody waits for on a console. Carriage returns and control sequences are not part of the
 * text it is compared with.
 */
public sealed interface Expectation {

  /** A string, which may contain line feeds. */
  static Expectation text(String text) {
    return new Text(text);
  }

  /** A regular expression that is found in a line: see {@link Line}. */
  static Expectation line(Pattern regex) {
    return new Line(regex);
  }

  /** A regular expression that is found in a line, in the syntax of {@link Pattern}. */
  static Expectation line(String regex) {
    return new Line(Pattern.compile(regex));
  }

  /**
   * A string, wherever it is in the stream.
   *
   * @param text not empty; carriage returns in it are ignored, as those of the console are
   */
  record Text(String text) implements Expectation {

    public Text {
      text = text.replace("\r", "");
      if (text.isEmpty()) {
        throw new IllegalArgumentException("waiting for an empty text");
      }
    }

    @Override
    public String toString() {
      return '"' + text + '"';
    }
  }

  /**
   * A regular expression that is looked for in each line by itself, so {@code ^} and {@code $} are
   * the ends of a line and nothing matches across lines.
   *
   * <p>The line that has not ended yet counts as one, as far as it is printed: {@code "login: $"}
   * finds a prompt. It is looked at again whenever it grows, but only its last {@value
   * LineSearch#REACH} bytes; so in a longer line a match is at most that long, and {@code ^} may be
   * found within it. A wait that begins in the middle of a line has its {@code ^} there.
   *
   * <p>A regular expression that needs more than {@value LineText#FUEL} steps for one line, or
   * overflows the stack, fails the wait rather than holding up the console.
   */
  record Line(Pattern regex) implements Expectation {

    @Override
    public String toString() {
      return '/' + regex.pattern() + '/';
    }
  }
}
