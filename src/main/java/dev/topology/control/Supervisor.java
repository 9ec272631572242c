package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * The process that runs a topology.
 *
 * @param name of the running topology
 * @param pid of the process
 * @param since when it began to
 * @param file the topology's; absolute
 */
public record Supervisor(String name, long pid, Instant since, Path file) {

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("pid", pid)
        .put("since", since.toString())
        .put("file", file.toString());
  }

  static Supervisor of(JsonNode json) throws ControlException {
    try {
      return new Supervisor(
          json.path("name").asText(),
          json.path("pid").asLong(),
          Instant.parse(json.path("since").asText()),
          Path.of(json.path("file").asText()));
    } catch (DateTimeParseException | InvalidPathException e) {
      throw new ControlException(ErrorId.MALFORMED, "does not say who runs it", "", e);
    }
  }
}
