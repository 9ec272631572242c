package dev.topology.plan;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;

/**
 * One end of a cable.
 *
 * @param cable the cable
 * @param number of the cable in the topology, 0 for the first
 * @param isLeft which end
 */
record CableEnd(Cable cable, int number, boolean isLeft) {

  Endpoint endpoint() {
    return isLeft ? cable.left() : cable.right();
  }
}
