package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.text.HumanText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a guest, its agent or its QEMU said, fit to be shown to people: in a message, a report, a
 * log or JSON.
 *
 * <p>It is cleaned and cut when it is made, by the filter that consoles go through: no control
 * characters but tabs, no escape sequences, nothing that reorders or hides text. There is no way
 * back to the text as it came, so it cannot be printed in any other way. Immutable.
 */
public final class GuestText {

  /** A longer text is cut to this before it is cleaned; much less is kept. */
  private static final int MOST_RAW = 256 * 1024;

  /** How many characters of one line are kept. */
  static final int LONGEST_LINE = 500;

  /** How many lines are kept, the last ones, because the reason of an end comes last. */
  static final int MOST_LINES = 40;

  private final List<String> lines;

  private GuestText(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** Text of one line, such as a message; of several lines, the line ends become blanks. */
  public static GuestText line(String raw) {
    String start = raw.substring(0, Math.min(raw.length(), MOST_RAW));
    String joined = clean(start).stream().map(String::strip).collect(Collectors.joining(" "));
    return new GuestText(List.of(cut(joined.strip())));
  }

  /** One line of what a program writes, without its end: as {@link #line}, but not cut. */
  public static GuestText whole(String raw) {
    return new GuestText(List.of(String.join(" ", clean(raw))));
  }

  /** Text of any number of lines, such as the output of a program; blank lines at its ends go. */
  public static GuestText lines(String raw) {
    String end = raw.substring(Math.max(0, raw.length() - MOST_RAW));
    List<String> lines = clean(end).stream().map(GuestText::cut).toList();
    int from = 0;
    int to = lines.size();
    while (from < to && lines.get(from).isBlank()) {
      from++;
    }
    while (from < to && lines.get(to - 1).isBlank()) {
      to--;
    }
    int first = Math.max(from, to - MOST_LINES);
    List<String> kept = new ArrayList<>(lines.subList(first, to));
    if (first > from) {
      kept.add(0, "(" + HumanText.count(first - from, "line") + " before it)");
    }
    return new GuestText(kept);
  }

  private static List<String> clean(String raw) {
    byte[] bytes = raw.getBytes(UTF_8);
    CleanText clean = new CleanText(bytes.length + Long.BYTES);
    ControlFilter filter = new ControlFilter();
    filter.filter(bytes, 0, bytes.length, clean);
    filter.end(clean);
    List<String> lines = new ArrayList<>();
    LineAssembler assembler = new LineAssembler(new Collector(lines));
    assembler.accept(clean);
    assembler.end();
    return lines;
  }

  private record Collector(List<String> lines) implements LineAssembler.Sink {

    @Override
    public void lines(byte[] utf8, int from, int to) {
      new String(utf8, from, to - from, UTF_8).lines().forEach(lines::add);
    }

    @Override
    public void line(byte[] utf8, int from, int count, boolean finished) {
      lines.add(new String(utf8, from, count, UTF_8));
    }
  }

  private static String cut(String line) {
    int length = line.codePointCount(0, line.length());
    return length <= LONGEST_LINE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_LINE)) + "…";
  }

  /** Its lines, without line ends. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GuestText that && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  /** The text, its lines with a line feed between them. */
  /** Whether there is nothing to show. */
  public boolean isBlank() {
    return lines.stream().allMatch(String::isBlank);
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
