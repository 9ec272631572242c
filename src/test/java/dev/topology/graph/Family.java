package dev.topology.graph;

import dev.topology.language.load.TopologyBuilder;
import dev.topology.model.Topology;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;

/** Topologies of the shapes that people build, of any size. */
@SuppressWarnings("ImmutableEnumChecker") // Its functions hold no state.
enum Family {
  LINE((nodes, lab) -> lab.chain(nodes)),
  RING(
      (nodes, lab) -> {
        lab.chain(nodes);
        if (nodes > 2) {
          lab.cable(nodes - 1, 0);
        }
      }),
  STAR(
      (nodes, lab) -> {
        for (int i = 1; i < nodes; i++) {
          lab.cable(0, i);
        }
      }),
  TREE(
      (nodes, lab) -> {
        for (int i = 1; i < nodes; i++) {
          lab.cable((i - 1) / 3, i);
        }
      }),
  MESH(
      (nodes, lab) -> {
        for (int i = 0; i < nodes; i++) {
          for (int j = 0; j < i; j++) {
            lab.cable(j, i);
          }
        }
      }),
  GRID(
      (nodes, lab) -> {
        int columns = (int) Math.ceil(Math.sqrt(nodes));
        for (int i = 0; i < nodes; i++) {
          if (i % columns > 0) {
            lab.cable(i - 1, i);
          }
          if (i >= columns) {
            lab.cable(i - columns, i);
          }
        }
      }),
  /** A spine for every four leaves, four spines for each leaf. */
  CLOS(
      (nodes, lab) -> {
        int spines = (nodes + 4) / 5;
        for (int leaf = spines; leaf < nodes; leaf++) {
          for (int spine = 0; spine < Math.min(spines, 4); spine++) {
            lab.cable(leaf, (leaf + spine) % spines);
          }
        }
      }),
  /** A ring with a host at each router. */
  ROUTERS(
      (nodes, lab) -> {
        int routers = (nodes + 1) / 2;
        lab.chain(routers);
        if (routers > 2) {
          lab.cable(routers - 1, 0);
        }
        for (int host = routers; host < nodes; host++) {
          lab.cable(host - routers, host);
        }
      }),
  /** Cables without any order, three for each two nodes. */
  TANGLE(
      (nodes, lab) -> {
        Random chance = new Random(1);
        for (int i = 1; i < nodes * 3 / 2; i++) {
          int one = chance.nextInt(nodes);
          lab.cable(one, (one + 1 + chance.nextInt(Math.max(1, nodes - 1))) % nodes);
        }
      }),
  ISLANDS(
      (nodes, lab) -> {
        for (int i = 1; i < nodes; i++) {
          if (i % 3 != 0) {
            lab.cable(i - 1, i);
          }
        }
      });

  private final BiConsumer<Integer, Lab> cabling;

  Family(BiConsumer<Integer, Lab> cabling) {
    this.cabling = cabling;
  }

  /** How many nodes pictures have to cope with: 200, or as many as a node's interfaces allow. */
  int largest() {
    return switch (this) {
      case STAR, MESH -> 22;
      default -> 200;
    };
  }

  Topology of(int nodes) {
    Lab lab = new Lab(TopologyBuilder.named(name().toLowerCase(Locale.ROOT)));
    for (int i = 0; i < nodes; i++) {
      lab.builder.node("node" + i);
    }
    cabling.accept(nodes, lab);
    return lab.builder.build();
  }

  /** A topology in the making, its nodes called by numbers. */
  private record Lab(TopologyBuilder builder) {

    void cable(int left, int right) {
      builder.cable("node" + left, "node" + right);
    }

    void chain(int nodes) {
      for (int i = 1; i < nodes; i++) {
        cable(i - 1, i);
      }
    }
  }
}
