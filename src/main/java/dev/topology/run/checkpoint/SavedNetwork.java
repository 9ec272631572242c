package dev.topology.run.checkpoint;

import dev.topology.run.cable.CableState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What this program knows of a run that stands still, beside the states of its guests.
 *
 * @param cables what is on each, by its name
 * @param cut the names of those that are cut
 * @param nodes by their names
 */
public record SavedNetwork(
    Map<String, CableState> cables, Set<String> cut, Map<String, SavedNode> nodes) {

  public SavedNetwork {
    cables = Collections.unmodifiableMap(new LinkedHashMap<>(cables));
    cut = Set.copyOf(cut);
    nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
  }

  /**
   * What is known of a node.
   *
   * @param lastId the last one that was used with its agent; empty if it has none
   * @param unplugged its interfaces that have no carrier, as QEMU calls them
   */
  public record SavedNode(OptionalLong lastId, Set<String> unplugged) {

    public SavedNode {
      unplugged = Set.copyOf(unplugged);
    }
  }
}
