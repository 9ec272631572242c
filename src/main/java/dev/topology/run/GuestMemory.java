package dev.topology.run;

import java.util.List;

/**
 * Keeps a guest from running out of memory for the streams of a command: Linux takes 4.5 MiB for a
 * port that is plugged in, without asking, and panics where that was the last.
 */
final class GuestMemory {

  private static final int MEBIBYTE_IN_KIB = 1024;
  private static final int PORTS_KIB = 14 * MEBIBYTE_IN_KIB;

  /** What the command itself and those that run already may need meanwhile. */
  private static final int RESERVE_KIB = 6 * MEBIBYTE_IN_KIB;

  private static final String AVAILABLE =
      "while read -r what size unit; do [ $what != MemAvailable: ] || echo $size; done"
          + " </proc/meminfo";

  private final String node;
  private final Shell shell;

  GuestMemory(String node, NodeFate fate) {
    this.node = node;
    this.shell = new Shell(() -> fate);
  }

  /**
   * Makes sure that it has enough for the ports of one more command. A guest that does not tell is
   * taken to know what it does.
   *
   * @throws GuestMemoryException if it has not
   */
  void require(Deadline deadline) throws InterruptedException {
    List<Long> available =
        shell.run(AVAILABLE, deadline.left()).output().lines().limit(1).map(Long::valueOf).toList();
    for (long kib : available) {
      if (kib < PORTS_KIB + RESERVE_KIB) {
        throw new GuestMemoryException(node, refusal(kib));
      }
    }
  }

  private String refusal(long kib) {
    return "the memory of "
        + node
        + " is too full for another command with streams, which takes "
        + PORTS_KIB / MEBIBYTE_IN_KIB
        + " MiB: "
        + kib / MEBIBYTE_IN_KIB
        + " MiB are available, of which "
        + RESERVE_KIB / MEBIBYTE_IN_KIB
        + " have to stay; give it more \"memory:\", or run fewer commands at once";
  }
}
