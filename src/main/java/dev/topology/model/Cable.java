package dev.topology.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Point-to-point Ethernet between two endpoints, which may be on the same node.
 *
 * @param name given by the user, or made of its ends: {@code left:eth1--right:eth1}
 * @param left the end named first in the file
 * @param right the end named second
 * @param capture where every frame is recorded, as pcap; absolute
 * @param shaper in the middle, if there is one
 */
public record Cable(
    String name, Endpoint left, Endpoint right, Optional<Path> capture, Optional<Shaper> shaper) {

  /** A plain wire. */
  public Cable(String name, Endpoint left, Endpoint right, Optional<Path> capture) {
    this(name, left, right, capture, Optional.empty());
  }
}
