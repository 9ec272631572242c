package dev.topology.console;

import java.util.Arrays;

/**
 * A reusable piece of a console's text after cleaning: UTF-8 in which the only controls left are
 * tab, {@link #LINE_END}, {@link #LINE_START} and {@link #BACKSPACE}.
 *
 * <p>The places of the last three are kept beside the bytes, because whoever found them had to look
 * at every byte, and nobody should have to again. Not thread-safe.
 */
final class CleanText {

  /** Ends a line. A carriage return before it is gone. */
  static final byte LINE_END = '\n';

  /** A carriage return without a line feed: what follows is written over the line. */
  static final byte LINE_START = '\r';

  /** Takes back one character of the line. */
  static final byte BACKSPACE = '\b';

  private byte[] bytes;
  private int length;
  private int[] controls = new int[64];
  private int controlCount;
  private boolean rewritten;

  CleanText(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    length = 0;
    controlCount = 0;
    rewritten = false;
  }

  void text(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void codePoint(int codePoint) {
    reserve(4);
    if (codePoint < 0x80) {
      bytes[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      bytes[length++] = (byte) (0xC0 | (codePoint >> 6));
      continuation(codePoint);
    } else if (codePoint < 0x10000) {
      bytes[length++] = (byte) (0xE0 | (codePoint >> 12));
      continuation(codePoint >> 6);
      continuation(codePoint);
    } else {
      bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
      continuation(codePoint >> 12);
      continuation(codePoint >> 6);
      continuation(codePoint);
    }
  }

  private void continuation(int bits) {
    bytes[length++] = (byte) (0x80 | (bits & 0x3F));
  }

  void control(byte control) {
    reserve(1);
    if (controlCount == controls.length) {
      controls = Arrays.copyOf(controls, controlCount * 2);
    }
    controls[controlCount++] = length;
    bytes[length++] = control;
    rewritten |= control != LINE_END;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }

  /** The bytes, of which the first {@link #length()} count; they change with the next clear. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  int controlCount() {
    return controlCount;
  }

  /** Where the control of that index, counted from 0, stands in the bytes. */
  int control(int index) {
    return controls[index];
  }

  /** Whether there is a {@link #LINE_START} or a {@link #BACKSPACE} in it. */
  boolean isRewritten() {
    return rewritten;
  }
}
