package dev.topology.plan;

import java.nio.file.Path;

/**
 * A run that was saved as a whole while its nodes stood still, to go on from there. It supplies no
 * argument of QEMU: those come of planning the same topology again.
 *
 * @param directory holds two files for each node, and one for what was on its cables; absolute
 */
public record SavedRun(Path directory) {

  /** What was on the cables, and what this program knew of the nodes. */
  public Path network() {
    return directory.resolve("network");
  }

  /** The guest of a node. */
  public SavedGuest guest(String node) {
    return new SavedGuest(directory.resolve(node + ".memory"), directory.resolve(node + ".state"));
  }
}
