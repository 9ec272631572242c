package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Expectation.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expectation at work on a text that grows: each call looks only at what came since the last.
 * Not thread-safe; the transcript's lock guards it.
 */
interface Search {

  static Search of(Expectation expectation, long from) {
    if (expectation instanceof Expectation.Text text) {
      return new TextSearch(text.text(), from);
    }
    return new LineSearch(((Expectation.Line) expectation).regex(), from);
  }

  /**
   * Looks at what is new.
   *
   * @throws TooCostlyException when the expectation cannot be decided at a bearable cost
   */
  Optional<Match> advance(TextBuffer text);

  /**
   * Thrown on a hot path and turned into an {@link ExpectationException}: it has no stack trace.
   */
  final class TooCostlyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooCostlyException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Looks for a string with Horspool's algorithm. When the text grows, it looks again only at the
   * last bytes of what it has seen: one byte less than the string has.
   */
  static final class TextSearch implements Search {

    private final byte[] wanted;

    /** How far the string may move on when its last byte lies over a given byte. */
    private final int[] shift = new int[256];

    private long next;

    TextSearch(String text, long from) {
      this.wanted = text.getBytes(UTF_8);
      this.next = from;
      Arrays.fill(shift, wanted.length);
      for (int i = 0; i < wanted.length - 1; i++) {
        shift[wanted[i] & 0xFF] = wanted.length - 1 - i;
      }
    }

    @Override
    public Optional<Match> advance(TextBuffer text) {
      byte[] bytes = text.bytes();
      int last = wanted.length - 1;
      int length = text.length();
      byte lastByte = wanted[last];
      int[] shifts = shift;
      int start = text.index(next);
      int over = start + last;
      while (over < length) {
        byte b = bytes[over];
        if (b == lastByte && isAt(bytes, over - last)) {
          next += over - last - start;
          return Optional.of(found(text));
        }
        over += shifts[b & 0xFF];
      }
      next += over - last - start;
      return Optional.empty();
    }

    private boolean isAt(byte[] bytes, int start) {
      return Arrays.equals(bytes, start, start + wanted.length, wanted, 0, wanted.length);
    }

    private Match found(TextBuffer text) {
      long end = next + wanted.length;
      return new Match(text.text(next, end), List.of(), new Mark(next), new Mark(end));
    }
  }

  /**
   * Looks for a regular expression in each line by itself.
   *
   * <p>{@link Matcher#hitEnd} cannot tell which part of a text is done with (a failed {@code find}
   * has nearly always hit the end), so a line is the unit: ended lines are looked at once, the last
   * one again when it grows, within {@link #REACH}.
   */
  static final class LineSearch implements Search {

    /** How many bytes back an unfinished line is looked at again. */
    static final int REACH = 4096;

    private final Matcher matcher;
    private long lineStart;
    private long seen;

    LineSearch(Pattern regex, long from) {
      this.matcher = regex.matcher("");
      this.lineStart = from;
      this.seen = from;
    }

    @Override
    public Optional<Match> advance(TextBuffer text) {
      while (seen < text.end()) {
        long lineEnd = text.lineEnd(seen);
        boolean ended = lineEnd >= 0;
        Optional<Match> match = look(text, ended ? lineEnd : text.end());
        if (match.isPresent()) {
          return match;
        }
        seen = ended ? lineEnd + 1 : text.end();
        lineStart = ended ? seen : withinReach(text);
      }
      return Optional.empty();
    }

    private long withinReach(TextBuffer text) {
      long start = Math.max(lineStart, text.end() - REACH);
      while (start < text.end() && (text.bytes()[text.index(start)] & 0xC0) == 0x80) {
        start++;
      }
      return start;
    }

    private Optional<Match> look(TextBuffer text, long lineEnd) {
      LineText line =
          new LineText(text.bytes(), text.index(lineStart), (int) (lineEnd - lineStart));
      try {
        return matcher.reset(line).find() ? Optional.of(found(line)) : Optional.empty();
      } catch (StackOverflowError tooDeep) {
        // java.util.regex recurses for each repetition of a group such as (a|b)*.
        throw new TooCostlyException(
            "it overflowed the stack on a line of " + line.length() + " characters");
      }
    }

    private Match found(LineText line) {
      List<String> groups = new ArrayList<>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        String group = matcher.group(i);
        groups.add(group == null ? "" : group);
      }
      return new Match(
          matcher.group(),
          groups,
          new Mark(lineStart + line.bytesOf(matcher.start())),
          new Mark(lineStart + line.bytesOf(matcher.end())));
    }
  }

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
  }
}
