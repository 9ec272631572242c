package dev.topology.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Point-to-point Ethernet between two ends, which may be on the same node.
 *
 * @param name given by the user, or made of its ends: {@code left:eth1--right:eth1}, {@code
 *     office--left:eth1}
 * @param left the end named first in the file
 * @param right the end named second
 * @param capture where every frame is recorded, as pcap; absolute
 * @param shaper in the middle, if there is one
 */
public record Cable(
    String name, CableEnd left, CableEnd right, Optional<Path> capture, Optional<Shaper> shaper) {

  /** A plain wire. */
  public Cable(String name, CableEnd left, CableEnd right, Optional<Path> capture) {
    this(name, left, right, capture, Optional.empty());
  }

  /** Both ends, the left one first. */
  public List<CableEnd> ends() {
    return List.of(left, right);
  }

  /** Those ends that are interfaces of nodes. */
  public List<Endpoint> endpoints() {
    return ends().stream().filter(Endpoint.class::isInstance).map(Endpoint.class::cast).toList();
  }

  /** Whether an end is plugged into a node or switch. */
  public boolean isAt(String owner) {
    return left.owner().equals(owner) || right.owner().equals(owner);
  }
}
