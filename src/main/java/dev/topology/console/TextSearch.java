package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks for a string with Horspool's algorithm; of what it has seen, it looks again only at one
 * byte less than the string has.
 */
final class TextSearch implements Search {

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
