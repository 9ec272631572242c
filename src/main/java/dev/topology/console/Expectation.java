package dev.topology.console;

import dev.topology.console.Search.LineSearch;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a wait on a console is for. Carriage returns and control sequences are not part of the text
 * it is compared with.
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
   * <p>A regular expression that needs more than {@value Search.LineText#FUEL} steps for one line,
   * or overflows the stack, fails the wait rather than holding up the console.
   */
  record Line(Pattern regex) implements Expectation {

    @Override
    public String toString() {
      return '/' + regex.pattern() + '/';
    }
  }

  /**
   * A wait for text that will not be fulfilled. The message names the node, says what was waited
   * for and why in vain, and ends with the last lines of the console.
   */
  final class ExpectationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why a wait was in vain. */
    public enum Reason {
      /** The deadline passed. */
      OUT_OF_TIME,
      /** The console ended: the guest is gone. */
      ENDED,
      /** The wait began at a mark from which on the text is not kept any more. */
      FORGOTTEN,
      /** The regular expression takes too long on a line. */
      TOO_COSTLY
    }

    private final Reason reason;

    ExpectationException(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    /** The same failure, seen by the thread that calls. */
    ExpectationException here() {
      return new ExpectationException(reason, String.valueOf(getMessage()));
    }

    /** Why the wait was in vain. */
    public Reason reason() {
      return reason;
    }
  }

  /**
   * Text that a wait was for and the console printed.
   *
   * @param text what was printed
   * @param groups the capturing groups of a regular expression, the first group first; a group that
   *     took no part is empty
   * @param start where the text begins
   * @param end where the text ends: the mark to wait from for what comes after it
   */
  record Match(String text, List<String> groups, Mark start, Mark end) {

    public Match {
      groups = List.copyOf(groups);
    }
  }
}
