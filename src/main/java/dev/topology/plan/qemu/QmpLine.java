package dev.topology.plan.qemu;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.console.GuestText;
import dev.topology.plan.qemu.QmpMessage.Event;
import dev.topology.plan.qemu.QmpMessage.Greeting;
import dev.topology.plan.qemu.QmpMessage.Refusal;
import dev.topology.plan.qemu.QmpMessage.Return;
import dev.topology.plan.qemu.QmpMessage.Unknown;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A line from QEMU's monitor, taken apart. */
final class QmpLine {

  /** A guest agent returns 16 MiB in one string, in base64. Jackson's own limit is 20 million. */
  private static final int LONGEST_STRING = 32 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String line;

  QmpLine(String line) {
    this.line = line;
  }

  QmpMessage message() {
    try {
      return message(JSON.readTree(line));
    } catch (JsonProcessingException notJson) {
      return new Unknown(GuestText.line(line));
    }
  }

  private QmpMessage message(JsonNode json) {
    if (json.has("return")) {
      return new Return(id(json), json.get("return"));
    }
    if (json.has("event")) {
      return new Event(json.get("event").asText(), details(json), time(json.path("timestamp")));
    }
    if (json.has("error")) {
      JsonNode error = json.get("error");
      return new Refusal(
          id(json), error.path("class").asText(), GuestText.line(error.path("desc").asText()));
    }
    if (json.has("QMP")) {
      return new Greeting(version(json.get("QMP").path("version").path("qemu")));
    }
    return new Unknown(GuestText.line(line));
  }

  private static Optional<String> id(JsonNode json) {
    return Optional.ofNullable(json.get("id")).map(JsonNode::asText);
  }

  private static JsonNode details(JsonNode json) {
    return json.has("data") ? json.get("data") : JsonNodeFactory.instance.objectNode();
  }

  private static Instant time(JsonNode timestamp) {
    return Instant.ofEpochSecond(timestamp.path("seconds").asLong())
        .plus(timestamp.path("microseconds").asLong(), ChronoUnit.MICROS);
  }

  private static String version(JsonNode qemu) {
    return qemu.path("major").asText()
        + "."
        + qemu.path("minor").asText()
        + "."
        + qemu.path("micro").asText();
  }
}
