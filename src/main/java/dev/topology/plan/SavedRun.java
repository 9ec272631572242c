package dev.topology.plan;

import java.nio.file.Path;

/**
 * A run that was saved as a whole while its nodes stood still, to go on from there. It supplies no
 * argument of QEMU: those come of planning the same topology again.
 *
 * @param directory holds a file for each node, and one for what was on its cables; absolute
 */
public record SavedRun(Path directory) {

  /** What was on the cables, and what this program knew of the nodes. */
  public Path network() {
    return directory.resolve("network");
  }

  /** The state of a node: its RAM, and that of its processors and devices. */
  public Path state(String node) {
    return directory.resolve(node + ".state");
  }
}
