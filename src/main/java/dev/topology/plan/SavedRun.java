package dev.topology.plan;

import java.nio.file.Path;

/**
 * A run that was saved as a whole while its nodes stood still, to go on from there. It supplies no
 * argument of QEMU: those come of planning the same topology again.
 *
 * @param directory holds a file for each node, and one for what was on its cables; absolute
 * @param memoryApart whether each guest's RAM is in a file of its own, which QEMU maps
 */
public record SavedRun(Path directory, boolean memoryApart) {

  /** What was on the cables, and what this program knew of the nodes. */
  public Path network() {
    return directory.resolve("network");
  }

  /** The state of a node: of its processors and devices, and its RAM unless that is apart. */
  public Path state(String node) {
    return directory.resolve(node + ".state");
  }

  /** The RAM of a node, where it is apart. */
  public Path memory(String node) {
    return directory.resolve(node + ".memory");
  }
}
