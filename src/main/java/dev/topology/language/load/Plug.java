package dev.topology.language.load;

import dev.topology.source.Location;

/**
 * A cable's end in the interface it is plugged into.
 *
 * @param end as written
 * @param node whose interface it is
 * @param interfaceName written or the next free one
 */
record Plug(EndDraft end, NodeDraft node, String interfaceName) {

  /** Where the interface is named, or else the node. */
  Location location() {
    return end.interfaceName().isPresent() ? end.locate("interface") : end.locate("node");
  }

  @Override
  public String toString() {
    return node.name() + ":" + interfaceName;
  }
}
