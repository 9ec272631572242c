package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.text.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;

/**
 * JSON objects over a connection, each on a line of its own, in both directions. One thread may
 * read; any may write. Of a line that is too long, nothing is kept.
 */
final class JsonLines {

  /** How many bytes a line may have, without its line feed. */
  static final int LONGEST = 1024 * 1024;

  private static final int SHOWN = 60;
  private static final int CHUNK = 16 * 1024;

  private final ByteChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).flip();

  JsonLines(ByteChannel channel) {
    this.channel = channel;
  }

  /** Writes a line; blocks as long as the peer does not read. */
  synchronized void send(ObjectNode json) throws IOException {
    ByteBuffer line = ByteBuffer.wrap(write(json));
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }

  /**
   * Waits for the next line. Bytes after the last line feed are no line.
   *
   * @return empty at the end
   * @throws ControlException if the line was too long, or no JSON object; the next one can be read
   */
  Optional<ObjectNode> next() throws IOException, ControlException {
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

  private static ObjectNode whole(ByteArrayOutputStream line, boolean tooLong)
      throws ControlException {
    if (tooLong) {
      throw new ControlException(ErrorId.TOO_LONG, "a line has at most " + LONGEST + " bytes", "");
    }
    return read(line.toByteArray());
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

  /**
   * Reads the object on a line.
   *
   * @throws ControlException if it is something else
   */
  static ObjectNode read(byte[] line) throws ControlException {
    try {
      // Jackson would read any encoding that looks like one; this protocol has one.
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      return JsonTree.readObject(text).orElseThrow(() -> malformed(""));
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage());
    } catch (CharacterCodingException e) {
      throw malformed("");
    }
  }

  private static ControlException malformed(String why) {
    String reason = why.isEmpty() ? "" : ": " + shortened(why.lines().findFirst().orElse(""));
    return new ControlException(
        ErrorId.MALFORMED, "the line is not a JSON object in UTF-8" + reason, "");
  }

  /** The bytes of a line, with the line feed. */
  static byte[] write(ObjectNode json) {
    return (JsonTree.write(json) + "\n").getBytes(UTF_8);
  }

  /** Bytes in base64. */
  static byte[] bytes(JsonNode text) throws ControlException {
    try {
      return Base64.getDecoder().decode(text.isTextual() ? text.textValue() : "?");
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorId.BAD_FIELD, "what should be base64 is not", "", e);
    }
  }

  /** The start of a text from a peer, for a message. */
  static String shortened(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
