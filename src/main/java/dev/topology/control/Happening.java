package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Something that happened in a run.
 *
 * <pre>
 * {"at":"2026-11-23T10:00:00.250Z","event":"node-ready","node":"left","text":"ready after 1.6 s"}
 * </pre>
 *
 * @param at when
 * @param event what, for programs: {@code launched}, {@code node-started}, {@code node-ready},
 *     {@code node-ended}, {@code node-paused}, {@code node-resumed}, {@code node-restarted}, {@code
 *     cable-cut}, {@code cable-joined}, {@code cable-shaped}, {@code capture-begun}, {@code
 *     capture-ended}, {@code warned}, {@code over}, or another
 * @param node whose it is, where it is a node's
 * @param cable whose it is, where it is a cable's
 * @param text what, for people
 */
public record Happening(
    Instant at, String event, Optional<String> node, Optional<String> cable, String text) {

  /** As it is on the wire. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("at", at.toString());
    json.put("event", event);
    node.ifPresent(name -> json.put("node", name));
    cable.ifPresent(name -> json.put("cable", name));
    return json.put("text", text);
  }

  /** From what is on the wire. */
  public static Happening of(JsonNode json) throws ControlException {
    return new Happening(
        instant(json.path("at").asText()),
        json.path("event").asText(),
        Optional.ofNullable(json.path("node").textValue()),
        Optional.ofNullable(json.path("cable").textValue()),
        json.path("text").asText());
  }

  private static Instant instant(String text) throws ControlException {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ControlException(ErrorId.MALFORMED, "not a time: " + text, "", e);
    }
  }
}
