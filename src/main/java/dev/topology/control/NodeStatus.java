package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a node is.
 *
 * @param name of the node
 * @param state {@code starting}, {@code waiting} (for another node), {@code booting}, {@code
 *     ready}, {@code paused}, {@code done}, {@code failed} or {@code stopped}
 * @param uptime how long its guest has run, if it has; in milliseconds on the wire
 * @param usage what its QEMU takes of the host, while it runs
 * @param outside whether its guest reaches more of the host than its ports and services, if it has
 *     a host network
 * @param ports of the host that lead into it
 * @param consoleLog the file with all of its console
 */
public record NodeStatus(
    String name,
    String state,
    Optional<Duration> uptime,
    Optional<Usage> usage,
    Optional<Boolean> outside,
    List<Port> ports,
    String consoleLog) {

  public NodeStatus {
    ports = List.copyOf(ports);
  }

  /**
   * What a QEMU takes of the host.
   *
   * @param memoryBytes resident
   * @param cpu time of all its threads since it was spawned; in milliseconds on the wire
   */
  public record Usage(long memoryBytes, Duration cpu) {}

  /**
   * A port of the host.
   *
   * @param protocol {@code tcp} or {@code udp}
   * @param guestPort where it leads
   * @param hostAddress what it is bound to
   */
  public record Port(String protocol, int guestPort, String hostAddress, int hostPort) {}

  /** As it is on the wire. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("state", state);
    uptime.ifPresent(time -> json.put("uptimeMillis", time.toMillis()));
    usage.ifPresent(
        it -> json.put("memoryBytes", it.memoryBytes()).put("cpuMillis", it.cpu().toMillis()));
    outside.ifPresent(it -> json.put("outside", it));
    ArrayNode array = json.putArray("hostPorts");
    for (Port port : ports) {
      array
          .addObject()
          .put("protocol", port.protocol())
          .put("guestPort", port.guestPort())
          .put("hostAddress", port.hostAddress())
          .put("hostPort", port.hostPort());
    }
    return json.put("consoleLog", consoleLog);
  }

  static NodeStatus of(JsonNode json) {
    List<Port> ports = new ArrayList<>();
    for (JsonNode port : json.path("hostPorts")) {
      ports.add(
          new Port(
              port.path("protocol").asText(),
              port.path("guestPort").asInt(),
              port.path("hostAddress").asText(),
              port.path("hostPort").asInt()));
    }
    return new NodeStatus(
        json.path("name").asText(),
        json.path("state").asText(),
        millis(json, "uptimeMillis"),
        millis(json, "cpuMillis").map(cpu -> new Usage(json.path("memoryBytes").asLong(), cpu)),
        Optional.ofNullable(json.get("outside")).map(JsonNode::asBoolean),
        ports,
        json.path("consoleLog").asText());
  }

  private static Optional<Duration> millis(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).map(it -> Duration.ofMillis(it.asLong()));
  }
}
