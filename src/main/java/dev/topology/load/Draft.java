package dev.topology.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A topology whose parts are good in themselves, but may contradict each other.
 *
 * @param name what it is called
 * @param nodes by name, in the order of the file
 * @param cables in the order of the file
 */
record Draft(String name, Map<String, NodeDraft> nodes, List<CableDraft> cables) {

  static Draft of(String name, List<NodeDraft> nodes, List<CableDraft> cables) {
    Map<String, NodeDraft> byName = new LinkedHashMap<>();
    nodes.forEach(node -> byName.put(node.name(), node));
    return new Draft(name, byName, List.copyOf(cables));
  }
}
