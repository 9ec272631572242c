package dev.topology.plan.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.console.GuestText;
import dev.topology.text.JsonTree;
import java.util.Optional;

/** What QEMU's monitor says, one line of JSON each. docs/interop/qmp-spec of QEMU. */
public sealed interface QmpMessage {

  /** The first message. */
  record Greeting() implements QmpMessage {}

  /**
   * A command was carried out.
   *
   * @param id of the command, if it had one
   * @param value what it returns; an empty object where it returns nothing
   */
  record Return(Optional<String> id, JsonNode value) implements QmpMessage {

    /** The value where it is a text, as that of a command for people is. */
    public String text() {
      return value.asText();
    }

    /** One of the texts that it returns; empty where it returns none of that name. */
    public String text(String key) {
      return value.path(key).asText();
    }

    /** One of the numbers that it returns; 0 where it returns none of that name. */
    public long number(String key) {
      return value.path(key).asLong();
    }
  }

  /**
   * A command was refused.
   *
   * @param id of the command, if it had one
   * @param description for people; a guest agent's is a guest's
   */
  record Refusal(Optional<String> id, GuestText description) implements QmpMessage {}

  /**
   * Something happened.
   *
   * @param name {@code RESUME}, {@code SHUTDOWN} …
   * @param details an empty object where there are none
   */
  record Event(String name, JsonNode details) implements QmpMessage {

    /** One of its details, as text; empty where it has none of that name. */
    public String detail(String key) {
      return details.path(key).asText();
    }
  }

  /**
   * Not a message of this protocol.
   *
   * @param line what it said
   */
  record Unknown(GuestText line) implements QmpMessage {}

  /** What a line says. Never fails: a line that says nothing known is {@link Unknown}. */
  static QmpMessage parse(String line) {
    return new Line(line).message();
  }

  /** Parses a line. */
  final class Line {

    private final String line;

    private Line(String line) {
      this.line = line;
    }

    private QmpMessage message() {
      try {
        return JsonTree.readObject(line)
            .map(this::message)
            .orElseGet(() -> new Unknown(GuestText.line(line)));
      } catch (JsonProcessingException notJson) {
        return new Unknown(GuestText.line(line));
      }
    }

    private QmpMessage message(JsonNode json) {
      if (json.has("return")) {
        return new Return(id(json), json.get("return"));
      }
      if (json.has("event")) {
        return new Event(json.get("event").asText(), details(json));
      }
      if (json.has("error")) {
        return new Refusal(id(json), GuestText.line(json.get("error").path("desc").asText()));
      }
      if (json.has("QMP")) {
        return new Greeting();
      }
      return new Unknown(GuestText.line(line));
    }

    private static Optional<String> id(JsonNode json) {
      return Optional.ofNullable(json.get("id")).map(JsonNode::asText);
    }

    private static JsonNode details(JsonNode json) {
      return json.has("data") ? json.get("data") : JsonNodeFactory.instance.objectNode();
    }
  }
}
