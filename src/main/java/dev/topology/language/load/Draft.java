package dev.topology.language.load;

import java.util.List;
import java.util.Map;

/**
 * A topology whose parts are good in themselves, but may contradict each other.
 *
 * @param name what it is called
 * @param nodes by name, in the order of the file
 * @param cables in the order of the file, those of a pattern spelt out
 * @param names what the nodes are called
 */
record Draft(String name, Map<String, NodeDraft> nodes, List<CableDraft> cables, NodeNames names) {

  Draft {
    cables = List.copyOf(cables);
  }
}
