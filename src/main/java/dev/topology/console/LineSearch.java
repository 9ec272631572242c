package dev.topology.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for a regular expression in each line by itself.
 *
 * <p>{@link Matcher#hitEnd} cannot tell which part of a text is done with (a failed {@code find}
 * has nearly always hit the end), so a line is the unit: ended lines are looked at once, the last
 * one again when it grows, within {@link #REACH}.
 */
final class LineSearch implements Search {

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
    LineText line = new LineText(text.bytes(), text.index(lineStart), (int) (lineEnd - lineStart));
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
