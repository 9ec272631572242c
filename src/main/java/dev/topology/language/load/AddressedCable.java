package dev.topology.language.load;

import dev.topology.model.InterfaceAddress;
import java.util.List;

/**
 * A cable with the addresses of its ends.
 *
 * @param cable where it is plugged in
 * @param left addresses of its left end
 * @param right addresses of its right end
 */
record AddressedCable(
    PluggedCable cable, List<InterfaceAddress> left, List<InterfaceAddress> right) {

  boolean isShared() {
    return left.stream()
        .anyMatch(it -> right.stream().anyMatch(other -> it.covers(other.address())));
  }
}
