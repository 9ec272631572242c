package dev.topology.posix;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The last bytes of many. Not thread-safe. */
final class Tail {
  /** How much is kept at least, where there was as much. */
  static final int BYTES = 64 * 1024;

  private byte[] kept = new byte[0];
  private int size;
  private boolean cut;

  void append(ByteBuffer bytes) {
    int count = bytes.remaining();
    makeRoom(count);
    bytes.get(kept, size, count);
    size += count;
  }

  /** Forgets the older half at twice the size, so that a byte is moved only once on average. */
  private void makeRoom(int count) {
    if (size + count > 2 * BYTES) {
      int surplus = size - BYTES;
      System.arraycopy(kept, surplus, kept, 0, BYTES);
      size = BYTES;
      cut = true;
    }
    if (size + count > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(size + count, 2 * kept.length));
    }
  }

  /** At most {@link #BYTES} bytes as text; from the start of a line if there was more before. */
  String text() {
    int start = Math.max(0, size - BYTES);
    if (start > 0 || cut) {
      start = afterLineEnd(start);
    }
    return new String(kept, start, size - start, StandardCharsets.UTF_8);
  }

  private int afterLineEnd(int start) {
    for (int i = start; i < size; i++) {
      if (kept[i] == '\n') {
        return i + 1;
      }
    }
    return start;
  }
}
