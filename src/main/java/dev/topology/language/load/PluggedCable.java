package dev.topology.language.load;

import java.util.List;

/**
 * A cable with both its ends plugged in.
 *
 * @param draft as written
 * @param left the end named first
 * @param right the end named second
 */
record PluggedCable(CableDraft draft, Plug left, Plug right) {

  /** Its own name, or that of its ends: {@code left:eth1--right:eth1}. */
  String name() {
    return draft.name().orElse(left + "--" + right);
  }

  List<Plug> plugs() {
    return List.of(left, right);
  }
}
