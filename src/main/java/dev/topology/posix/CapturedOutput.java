package dev.topology.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The end of what a process wrote, read by a thread of its own so that the process never waits.
 *
 * <p>Read from a socket rather than a pipe: a process that the child left behind may keep the other
 * end open without limit, and only a socket lets another thread end the reading after what has
 * arrived.
 */
final class CapturedOutput {
  private static final int CHUNK_BYTES = 8 * 1024;

  private final SocketStream stream;
  private final Thread reader;
  private final Tail tail = new Tail();

  private CapturedOutput(String name, Descriptor near) {
    this.stream = new SocketStream(near);
    this.reader = new Thread(this::drain, "output-" + name);
  }

  /** Starts to read {@code near}, which it owns, until its end. */
  static CapturedOutput from(String name, Descriptor near) {
    CapturedOutput output = new CapturedOutput(name, near);
    output.reader.setDaemon(true);
    output.reader.start();
    return output;
  }

  private void drain() {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    try (stream) {
      while (stream.read(chunk.clear()) != -1) {
        append(chunk.flip());
      }
    } catch (IOException e) {
      append(
          StandardCharsets.UTF_8.encode("\n(the rest cannot be read: " + e.getMessage() + ")\n"));
    }
  }

  private void append(ByteBuffer bytes) {
    synchronized (tail) {
      tail.append(bytes);
    }
  }

  String text() {
    synchronized (tail) {
      return tail.text();
    }
  }

  /** Waits until all that has arrived is read. To be called when the process has ended. */
  void finish() throws IOException, InterruptedException {
    try {
      stream.endInput();
    } catch (ClosedChannelException atItsEndAlready) {
      // The other end is closed, so the reader has come to the end.
    }
    reader.join();
  }

  /** The last bytes of many. Not thread-safe. */
  static final class Tail {
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
}
