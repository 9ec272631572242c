package dev.topology.plan;

import dev.topology.model.MacAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * A guest that was saved when its init said hello, before it was told who it is.
 *
 * @param memory its RAM, which QEMU maps: a clone that writes gets pages of its own; absolute
 * @param state the state of its processors and devices; absolute
 * @param macs what its network cards have for addresses, in their order
 */
public record Snapshot(Path memory, Path state, List<MacAddress> macs) {

  public Snapshot {
    macs = List.copyOf(macs);
  }
}
