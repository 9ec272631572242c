package dev.topology.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import java.util.List;
import java.util.Optional;

/**
 * How a cable is.
 *
 * @param name of the cable
 * @param left one end: {@code left:eth1}
 * @param right the other
 * @param state {@code cut} or {@code joined}
 * @param leftAddresses of the interface at that end, {@code 10.64.0.0/31}
 * @param rightAddresses of the interface at the other
 * @param shaping what its shaper does, {@code delay=20ms loss=1%}; nothing for a plain wire, where
 *     nobody counts frames either
 * @param leftToRight what came in at the left
 * @param rightToLeft what came in at the right
 */
public record CableStatus(
    String name,
    String left,
    String right,
    String state,
    List<String> leftAddresses,
    List<String> rightAddresses,
    Optional<String> shaping,
    Optional<DirectionCounters> leftToRight,
    Optional<DirectionCounters> rightToLeft) {

  public CableStatus {
    leftAddresses = List.copyOf(leftAddresses);
    rightAddresses = List.copyOf(rightAddresses);
  }

  static String state(boolean isCut) {
    return isCut ? "cut" : "joined";
  }

  public boolean isCut() {
    return state.equals(state(true));
  }

  /** As it is on the wire. */
  public ObjectNode json() {
    return RecordJson.write(this);
  }
}
