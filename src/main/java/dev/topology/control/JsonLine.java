package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Map;

/**
 * A JSON object on a line of its own.
 *
 * <p>Read and written by Jackson's streams alone: an {@code ObjectMapper} takes 30 ms to make,
 * which every command that asks a running topology would pay.
 */
final class JsonLine {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int SHOWN = 60;

  private JsonLine() {}

  /**
   * Reads one.
   *
   * @throws ControlException if it is something else
   */
  static ObjectNode read(byte[] line) throws ControlException {
    // Jackson would read any encoding that looks like one; this protocol has one.
    try (JsonParser in =
        JSON.createParser(UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString())) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        ObjectNode object = object(in);
        if (in.nextToken() == null) {
          return object;
        }
      }
    } catch (JsonProcessingException e) {
      throw malformed(e.getOriginalMessage());
    } catch (CharacterCodingException e) {
      throw malformed("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw malformed("");
  }

  private static ControlException malformed(String why) {
    String reason = why.isEmpty() ? "" : ": " + shortened(why.lines().findFirst().orElse(""));
    return new ControlException(
        ErrorId.MALFORMED, "the line is not a JSON object in UTF-8" + reason, "");
  }

  private static ObjectNode object(JsonParser in) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      object.set(name, value(in));
    }
    return object;
  }

  private static JsonNode value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(in));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(in.getText());
      case VALUE_NUMBER_INT -> wholeNumber(in);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDoubleValue());
      case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(in.getBooleanValue());
      default -> NODES.nullNode();
    };
  }

  private static JsonNode wholeNumber(JsonParser in) throws IOException {
    return switch (in.getNumberType()) {
      case INT -> NODES.numberNode(in.getIntValue());
      case LONG -> NODES.numberNode(in.getLongValue());
      default -> NODES.numberNode(in.getBigIntegerValue());
    };
  }

  /** The bytes of one, with the line feed. */
  static byte[] write(ObjectNode json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      write(json, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void write(JsonNode json, JsonGenerator out) throws IOException {
    if (json.isObject()) {
      out.writeStartObject();
      for (Map.Entry<String, JsonNode> field : json.properties()) {
        out.writeFieldName(field.getKey());
        write(field.getValue(), out);
      }
      out.writeEndObject();
    } else if (json.isArray()) {
      out.writeStartArray();
      for (JsonNode element : json) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (json.isTextual()) {
      out.writeString(json.textValue());
    } else {
      // A number, true, false or null.
      out.writeRawValue(json.asText());
    }
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
