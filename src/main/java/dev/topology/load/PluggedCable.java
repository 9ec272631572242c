package dev.topology.load;

import java.util.List;
import java.util.Optional;

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
    return Optional.ofNullable(draft.keys().name()).orElse(left + "--" + right);
  }

  List<Plug> plugs() {
    return List.of(left, right);
  }
}
