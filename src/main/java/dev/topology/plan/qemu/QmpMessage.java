package dev.topology.plan.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.console.GuestText;
import java.time.Instant;
import java.util.Optional;

/** What QEMU's monitor says, one line of JSON each. docs/interop/qmp-spec of QEMU. */
public sealed interface QmpMessage {

  /**
   * The first message.
   *
   * @param version of QEMU: {@code 7.2.22}
   */
  record Greeting(String version) implements QmpMessage {}

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

    /** One of the numbers that it returns; 0 where it returns none of that name. */
    public long number(String key) {
      return value.path(key).asLong();
    }
  }

  /**
   * A command was refused.
   *
   * @param id of the command, if it had one
   * @param kind {@code GenericError}, {@code CommandNotFound} …
   * @param description for people; a guest agent's is a guest's
   */
  record Refusal(Optional<String> id, String kind, GuestText description) implements QmpMessage {}

  /**
   * Something happened.
   *
   * @param name {@code RESUME}, {@code SHUTDOWN} …
   * @param details an empty object where there are none
   * @param time by the host's clock
   */
  record Event(String name, JsonNode details, Instant time) implements QmpMessage {

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
    return new QmpLine(line).message();
  }
}
