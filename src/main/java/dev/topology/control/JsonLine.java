package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;

/** A JSON object on a line of its own. */
final class JsonLine {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final int SHOWN = 60;

  private JsonLine() {}

  /**
   * Reads one.
   *
   * @throws ControlException if it is something else
   */
  static ObjectNode read(byte[] line) throws ControlException {
    try {
      // Jackson would read any encoding that looks like one; this protocol has one.
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      JsonNode json = JSON.readTree(text);
      if (json instanceof ObjectNode object) {
        return object;
      }
    } catch (CharacterCodingException | JsonProcessingException e) {
      throw malformed(e instanceof JsonProcessingException it ? it.getOriginalMessage() : "");
    }
    throw malformed("");
  }

  private static ControlException malformed(String why) {
    String reason = why.isEmpty() ? "" : ": " + shortened(why.lines().findFirst().orElse(""));
    return new ControlException(
        ErrorId.MALFORMED, "the line is not a JSON object in UTF-8" + reason, "");
  }

  /** Bytes in base64. */
  static byte[] bytes(JsonNode text) throws ControlException {
    try {
      return Base64.getDecoder().decode(text.isTextual() ? text.textValue() : "?");
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorId.BAD_FIELD, "what should be base64 is not", "", e);
    }
  }

  /** The bytes of one, with the line feed. */
  static byte[] write(ObjectNode json) {
    return (json + "\n").getBytes(UTF_8);
  }

  /** What somebody sent, as far as it is worth repeating. */
  static String shortened(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
