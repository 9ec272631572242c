package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How a cable is.
 *
 * @param name of the cable
 * @param left one end: {@code left:eth1}
 * @param right the other
 * @param isCut whether it is cut; on the wire, {@code state} is {@code cut} or {@code joined}
 */
public record CableStatus(String name, String left, String right, boolean isCut) {

  private static final String CUT = "cut";
  private static final String JOINED = "joined";

  /** {@code cut} or {@code joined}. */
  public String state() {
    return isCut ? CUT : JOINED;
  }

  /** As it is on the wire. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("left", left)
        .put("right", right)
        .put("state", state());
  }

  static CableStatus of(JsonNode json) {
    return new CableStatus(
        json.path("name").asText(),
        json.path("left").asText(),
        json.path("right").asText(),
        json.path("state").asText().equals(CUT));
  }
}
