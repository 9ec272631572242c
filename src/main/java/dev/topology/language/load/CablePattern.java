package dev.topology.language.load;

import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * A way of cabling several nodes at once. Interfaces, addresses and numbers follow from the cables
 * that it makes and their order, which never change.
 */
enum CablePattern {
  /** From each node to the next. */
  LINE(2),
  /** A line, and one more cable from its last node to its first. */
  RING(3),
  /** From each node to all that come after it. */
  MESH(2),
  /** From the first node, its hub, to each of the others. */
  STAR(2);

  private final int fewest;

  CablePattern(int fewest) {
    this.fewest = fewest;
  }

  /** The smallest number of nodes. */
  int fewestNodes() {
    return fewest;
  }

  /** As users write it: {@code ring}. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many cables it makes of a number of nodes. */
  long cables(long nodes) {
    return switch (this) {
      case LINE, STAR -> nodes - 1;
      case RING -> nodes;
      case MESH -> nodes * (nodes - 1) / 2;
    };
  }

  /** Passes on the two ends of each cable, as indices of nodes. */
  void forEach(int nodes, BiConsumer<Integer, Integer> cable) {
    switch (this) {
      case LINE -> line(nodes, cable);
      case RING -> {
        line(nodes, cable);
        cable.accept(nodes - 1, 0);
      }
      case MESH -> {
        for (int hub = 0; hub < nodes; hub++) {
          star(hub, nodes, cable);
        }
      }
      case STAR -> star(0, nodes, cable);
    }
  }

  private static void line(int nodes, BiConsumer<Integer, Integer> cable) {
    for (int node = 1; node < nodes; node++) {
      cable.accept(node - 1, node);
    }
  }

  private static void star(int hub, int nodes, BiConsumer<Integer, Integer> cable) {
    for (int leaf = hub + 1; leaf < nodes; leaf++) {
      cable.accept(hub, leaf);
    }
  }
}
