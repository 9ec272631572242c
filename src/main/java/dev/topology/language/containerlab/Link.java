package dev.topology.language.containerlab;

import dev.topology.model.InterfaceAddress;
import java.util.List;
import java.util.Optional;

/** A link that becomes a cable. */
record Link(List<End> ends) {

  /**
   * One of its two ends.
   *
   * @param interfaceName empty where the name cannot stay
   * @param addresses those that the link gives, and those that the node's commands set
   */
  record End(
      String node,
      Optional<String> interfaceName,
      Optional<String> mac,
      List<InterfaceAddress> addresses) {

    String brief() {
      return node + interfaceName.map(it -> ":" + it).orElse("");
    }
  }

  boolean isAddressed() {
    return ends.stream().anyMatch(it -> !it.addresses().isEmpty());
  }

  boolean isBrief() {
    return !isAddressed() && ends.stream().allMatch(it -> it.mac().isEmpty());
  }
}
