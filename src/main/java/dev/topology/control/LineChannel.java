package dev.topology.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/**
 * Whole lines over a connection, in both directions. It never keeps more of a line than one may
 * have. One thread may read; any may write.
 */
final class LineChannel {

  /** How many bytes a line may have, without its line feed. */
  static final int LONGEST = 1024 * 1024;

  private static final int CHUNK = 16 * 1024;

  private final ByteChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).flip();

  LineChannel(ByteChannel channel) {
    this.channel = channel;
  }

  /** Writes a line; blocks as long as the peer does not read. */
  synchronized void send(ObjectNode json) throws IOException {
    ByteBuffer line = ByteBuffer.wrap(JsonLine.write(json));
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }

  /**
   * Waits for the next line. Bytes after the last line feed are no line.
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
