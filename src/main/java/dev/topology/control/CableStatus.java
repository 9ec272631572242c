package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * How a cable is.
 *
 * @param name of the cable
 * @param left one end: {@code left:eth1}
 * @param right the other
 * @param leftAddresses of the interface at that end, {@code 10.64.0.0/31}
 * @param rightAddresses of the interface at the other
 * @param isCut whether it is cut; on the wire, {@code state} is {@code cut} or {@code joined}
 * @param shaping what its shaper does, {@code delay=20ms loss=1%}; nothing for a plain wire, where
 *     nobody counts frames either
 * @param toRight what came in at the left
 * @param toLeft what came in at the right
 */
public record CableStatus(
    String name,
    String left,
    String right,
    List<String> leftAddresses,
    List<String> rightAddresses,
    boolean isCut,
    Optional<String> shaping,
    Optional<Traffic> toRight,
    Optional<Traffic> toLeft) {

  public CableStatus {
    leftAddresses = List.copyOf(leftAddresses);
    rightAddresses = List.copyOf(rightAddresses);
  }

  private static final String CUT = "cut";
  private static final String JOINED = "joined";

  /**
   * What has become of the frames of one direction: see {@link
   * dev.topology.shape.DirectionCounters}.
   */
  public record Traffic(
      long frames,
      long bytes,
      long deliveredFrames,
      long deliveredBytes,
      long lost,
      long queueFull,
      long notTaken,
      long duplicated,
      long corrupted,
      long reordered) {

    /** Dropped for whatever reason. */
    public long dropped() {
      return lost + queueFull + notTaken;
    }

    private ObjectNode json() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("frames", frames)
          .put("bytes", bytes)
          .put("deliveredFrames", deliveredFrames)
          .put("deliveredBytes", deliveredBytes)
          .put("lost", lost)
          .put("queueFull", queueFull)
          .put("notTaken", notTaken)
          .put("duplicated", duplicated)
          .put("corrupted", corrupted)
          .put("reordered", reordered);
    }

    private static Traffic of(JsonNode json) {
      return new Traffic(
          json.path("frames").asLong(),
          json.path("bytes").asLong(),
          json.path("deliveredFrames").asLong(),
          json.path("deliveredBytes").asLong(),
          json.path("lost").asLong(),
          json.path("queueFull").asLong(),
          json.path("notTaken").asLong(),
          json.path("duplicated").asLong(),
          json.path("corrupted").asLong(),
          json.path("reordered").asLong());
    }
  }

  /** {@code cut} or {@code joined}. */
  public String state() {
    return isCut ? CUT : JOINED;
  }

  /** As it is on the wire. */
  public ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", name)
            .put("left", left)
            .put("right", right)
            .put("state", state());
    leftAddresses.forEach(json.putArray("leftAddresses")::add);
    rightAddresses.forEach(json.putArray("rightAddresses")::add);
    shaping.ifPresent(text -> json.put("shaping", text));
    toRight.ifPresent(traffic -> json.set("leftToRight", traffic.json()));
    toLeft.ifPresent(traffic -> json.set("rightToLeft", traffic.json()));
    return json;
  }

  /** From what is on the wire. */
  public static CableStatus of(JsonNode json) {
    return new CableStatus(
        json.path("name").asText(),
        json.path("left").asText(),
        json.path("right").asText(),
        TopologyStatus.all(json.path("leftAddresses"), JsonNode::asText),
        TopologyStatus.all(json.path("rightAddresses"), JsonNode::asText),
        json.path("state").asText().equals(CUT),
        Optional.ofNullable(json.path("shaping").textValue()),
        Optional.ofNullable(json.get("leftToRight")).map(Traffic::of),
        Optional.ofNullable(json.get("rightToLeft")).map(Traffic::of));
  }
}
