package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/**
 * The newest part of a growing UTF-8 text, in one piece, addressed by positions in the whole text.
 *
 * <p>It grows up to a capacity; when that is full, the older half is forgotten, which costs one
 * copy per half a capacity. So at least half of the capacity is always kept. Not thread-safe.
 */
final class TextBuffer {

  private static final int FIRST_SIZE = 8 * 1024;

  private final int capacity;
  private byte[] bytes;
  private int length;
  private long forgotten;

  TextBuffer(int capacity) {
    this.capacity = capacity;
    this.bytes = new byte[Math.min(FIRST_SIZE, capacity)];
  }

  void append(byte[] source, int from, int count) {
    int at = from;
    int left = count;
    while (left > 0) {
      makeRoom(left);
      int fits = Math.min(left, bytes.length - length);
      System.arraycopy(source, at, bytes, length, fits);
      length += fits;
      at += fits;
      left -= fits;
    }
  }

  private void makeRoom(int count) {
    if (bytes.length - length >= count) {
      return;
    }
    if (bytes.length < capacity) {
      long wanted = Math.max(2L * bytes.length, (long) length + count);
      bytes = Arrays.copyOf(bytes, (int) Math.min(capacity, wanted));
    } else if (length == capacity) {
      forget(length - capacity / 2);
    }
  }

  private void forget(int count) {
    System.arraycopy(bytes, count, bytes, 0, length - count);
    length -= count;
    forgotten += count;
  }

  /** The position of the oldest byte kept. */
  long start() {
    return forgotten;
  }

  /** The position after the newest byte. */
  long end() {
    return forgotten + length;
  }

  /**
   * The bytes kept; a position of the text is found at {@link #index}. They change with appends.
   */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Where the byte at a position stands in {@link #bytes()}. */
  int index(long position) {
    return (int) (position - forgotten);
  }

  /** The position of the next line feed from a position on, or -1. */
  long lineEnd(long from) {
    for (int i = index(from); i < length; i++) {
      if (bytes[i] == '\n') {
        return forgotten + i;
      }
    }
    return -1;
  }

  /** The text between two positions that are both kept. */
  String text(long from, long to) {
    return new String(bytes, index(from), (int) (to - from), UTF_8);
  }

  /** The last lines, the oldest first, of a text that ends with a line feed. */
  List<String> lastLines(int count) {
    long from = end();
    for (int i = 0; i < count && from > start(); i++) {
      from = lineStart(from - 1);
    }
    return text(from, end()).lines().toList();
  }

  private long lineStart(long end) {
    long start = end;
    while (start > start() && bytes[index(start - 1)] != '\n') {
      start--;
    }
    return start;
  }
}
