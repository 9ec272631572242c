package dev.topology.load;

import dev.topology.document.CableDocument;
import dev.topology.source.Location;
import java.util.List;
import java.util.Objects;

/**
 * A cable with two ends, each value good in itself.
 *
 * @param keys what it says
 * @param tree where it says so, in the long form
 * @param left the end named first
 * @param right the end named second
 */
record CableDraft(CableDocument keys, Tree tree, EndDraft left, EndDraft right) {

  List<EndDraft> ends() {
    return List.of(left, right);
  }

  /** Whether the whole cable is to have no addresses. */
  boolean isUnaddressed() {
    return Objects.equals(keys.address(), Addresses.NONE);
  }

  Location locate(Object... steps) {
    return new TreePath(List.of(steps), false).locate(tree);
  }
}
