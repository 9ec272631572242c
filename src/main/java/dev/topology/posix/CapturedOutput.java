package dev.topology.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;

/**
 * The end of what a process wrote, read by a thread of its own so that the process never waits.
 *
 * <p>Read from a socket rather than a pipe: a process the child left behind may hold the other end
 * open for ever, and only a socket lets another thread end the reading after what has arrived.
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

  /** Returns when all that has arrived is read, once nothing that matters can write any more. */
  void finish() throws IOException, InterruptedException {
    try {
      stream.endInput();
    } catch (ClosedChannelException atItsEndAlready) {
      // Nobody holds the other end, so the reader came to the end by itself.
    }
    reader.join();
  }
}
