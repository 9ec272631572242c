package dev.topology.plan;

import dev.topology.model.MacAddress;
import java.util.List;

/**
 * A guest that was saved when its init said hello, before it was told who it is.
 *
 * @param guest what was saved
 * @param macs what its network cards have for addresses, in their order
 */
public record Snapshot(SavedGuest guest, List<MacAddress> macs) {

  public Snapshot {
    macs = List.copyOf(macs);
  }
}
