package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How a running topology is.
 *
 * @param supervisor who runs it
 * @param state {@code starting}, {@code ready} (every node has been) or {@code ending}
 * @param nodes in the order of the file
 * @param cables in the order of the file
 */
public record TopologyStatus(
    Supervisor supervisor, String state, List<NodeStatus> nodes, List<CableStatus> cables) {

  public TopologyStatus {
    nodes = List.copyOf(nodes);
    cables = List.copyOf(cables);
  }

  /** As it is on the wire. */
  public ObjectNode json() {
    ObjectNode json = supervisor.json().put("state", state);
    ArrayNode nodeArray = json.putArray("nodes");
    nodes.forEach(node -> nodeArray.add(node.json()));
    ArrayNode cableArray = json.putArray("cables");
    cables.forEach(cable -> cableArray.add(cable.json()));
    return json;
  }

  static TopologyStatus of(JsonNode json) throws ControlException {
    return new TopologyStatus(
        Supervisor.of(json),
        json.path("state").asText(),
        all(json.path("nodes"), NodeStatus::of),
        all(json.path("cables"), CableStatus::of));
  }

  static <T> List<T> all(JsonNode array, Function<JsonNode, T> form) {
    List<T> all = new ArrayList<>();
    array.forEach(element -> all.add(form.apply(element)));
    return all;
  }
}
