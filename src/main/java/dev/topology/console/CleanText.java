package dev.topology.console;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A reusable piece of a console's text after cleaning: UTF-8 in which the only controls left are
 * tab, {@link #LINE_END}, {@link #LINE_START} and {@link #BACKSPACE}.
 *
 * <p>The places of the last three are kept beside the bytes, so that the bytes need not be searched
 * for them again. Not thread-safe.
 */
final class CleanText {

  /** Ends a line. A carriage return before it is gone. */
  static final byte LINE_END = '\n';

  /** A carriage return without a line feed: what follows is written over the line. */
  static final byte LINE_START = '\r';

  /** Takes back one character of the line. */
  static final byte BACKSPACE = '\b';

  static final int DEL = 0x7F;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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

  /**
   * Adds the printable ASCII that starts at {@code from}, and tells where it ends. This loop sees
   * nearly every byte, so it looks at eight of them at a time and copies them in the same go.
   */
  int printable(byte[] source, int from, int end) {
    reserve(end - from + Long.BYTES);
    int i = from;
    int to = length;
    for (; i + Long.BYTES <= end; i += Long.BYTES, to += Long.BYTES) {
      long word = (long) EIGHT_BYTES.get(source, i);
      EIGHT_BYTES.set(bytes, to, word);
      // The top bit of a byte is set in the sum if the byte is below 0x20, above 0x7F, or 0x7F;
      // a borrow or carry can only spoil bytes after the first such one.
      long special =
          (word | (word - 0x2020202020202020L) | (word + 0x0101010101010101L))
              & 0x8080808080808080L;
      if (special != 0) {
        int printable = Long.numberOfTrailingZeros(special) >>> 3;
        length = to + printable;
        return i + printable;
      }
    }
    while (i < end && source[i] >= 0x20 && source[i] != DEL) {
      bytes[to++] = source[i++];
    }
    length = to;
    return i;
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
