package dev.topology.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** Reads lines of bytes, and never keeps more of one than it may have. Not thread-safe. */
final class LineReader {

  /** How many bytes a line may have, without its line feed. */
  static final int LONGEST = 1024 * 1024;

  private static final int CHUNK = 16 * 1024;

  private final ReadableByteChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).flip();

  LineReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the next line; what comes after the last line feed is none.
   *
   * @return empty at the end
   * @throws ControlException if the line was too long; the next one can be read
   */
  Optional<byte[]> next() throws IOException, ControlException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    while (chunk.hasRemaining() || fill()) {
      int start = chunk.position();
      int end = lineEnd();
      tooLong |= line.size() + (end - start) > LONGEST;
      if (!tooLong) {
        line.write(chunk.array(), start, end - start);
      }
      if (end < chunk.limit()) {
        chunk.position(end + 1);
        return Optional.of(whole(line, tooLong));
      }
      chunk.position(end);
    }
    return Optional.empty();
  }

  private static byte[] whole(ByteArrayOutputStream line, boolean tooLong) throws ControlException {
    if (tooLong) {
      throw new ControlException(ErrorId.TOO_LONG, "a line has at most " + LONGEST + " bytes", "");
    }
    return line.toByteArray();
  }

  private int lineEnd() {
    int at = chunk.position();
    while (at < chunk.limit() && chunk.get(at) != '\n') {
      at++;
    }
    return at;
  }

  private boolean fill() throws IOException {
    chunk.clear();
    int count = channel.read(chunk);
    chunk.flip();
    return count > 0;
  }
}
