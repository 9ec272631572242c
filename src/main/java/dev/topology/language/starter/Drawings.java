package dev.topology.language.starter;

import dev.topology.language.starter.Shape.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Draws each shape. */
final class Drawings {

  private Drawings() {}

  static Sketch pair() {
    return new Sketch("Two machines, one cable: left pings right, and the run is over.")
        .node("left")
        .node("right")
        .cable("left", "right")
        .command("left", "ping -c 3 right");
  }

  static Sketch line(int nodes) {
    int routers = nodes - 2;
    Sketch sketch =
        new Sketch(
            routers == 0
                ? "A client and a server, one cable: client pings server, and the run is over."
                : "A client and a server with "
                    + (routers == 1 ? "a router" : routers + " routers")
                    + " between them: client traces the way to server and pings it,"
                    + " and the run is over.");
    List<String> names = new ArrayList<>(List.of("client"));
    names.addAll(numbered("router", routers));
    names.add("server");
    names.forEach(it -> draw(sketch, it, it.startsWith("router")));
    return routers == 0
        ? sketch.cable("client", "server").command("client", "ping -c 3 server")
        : sketch
            .line(names)
            .up("client", names.get(1))
            .up("server", names.get(names.size() - 2))
            .visit("client", "server");
  }

  static Sketch ring(int nodes) {
    String across = "router-" + (nodes / 2 + 1);
    Sketch sketch =
        new Sketch(
            "A ring of "
                + nodes
                + " routers: router-1 traces the way to "
                + across
                + ", across the ring, and pings it, and the run is over.");
    List<String> routers = numbered("router", nodes);
    routers.forEach(sketch::router);
    return sketch.ring(routers).visit("router-1", across);
  }

  static Sketch star(int leaves) {
    return new Sketch(
            "A hub and "
                + (leaves == 1 ? "a leaf" : leaves + " leaves")
                + ": each leaf waits for the hub and pings it, and the run is over.")
        .node("hub")
        .copies("leaf", leaves)
        .command("leaf", "ping -c 2 hub")
        .star("hub", List.of("leaf-*"));
  }

  static Sketch mesh(int nodes) {
    int others = nodes - 1;
    return new Sketch(
            nodes
                + " nodes, a cable from each to every other: the first pings all others,"
                + " and the run is over.")
        .node("first")
        .command(
            "first",
            "for number in $(seq " + others + "); do",
            "  ping -c 1 other-$number || exit 1",
            "done")
        .copies("other", others)
        .pattern("mesh", List.of("first", "other-*"));
  }

  static Sketch clos(int spines, int leaves) {
    Sketch sketch =
        new Sketch(
            "A Clos network of "
                + (spines == 1 ? "1 spine" : spines + " spines")
                + " and "
                + leaves
                + " leaves: leaf-1 traces the way to leaf-"
                + leaves
                + " through a spine and pings it, and the run is over.");
    List<String> top = numbered("spine", spines);
    List<String> bottom = numbered("leaf", leaves);
    top.forEach(spine -> sketch.router(spine).star(spine, bottom));
    bottom.forEach(sketch::router);
    return sketch.visit("leaf-1", "leaf-" + leaves);
  }

  static Optional<String> treeProblem(Sizes sizes, int most) {
    int row = 1;
    int nodes = 1;
    for (int depth = 1; depth <= sizes.get("depth") && nodes <= most; depth++) {
      row *= sizes.get("fanout");
      nodes += row;
    }
    return nodes > most
        ? Optional.of(
            "a tree of depth "
                + sizes.get("depth")
                + " and fanout "
                + sizes.get("fanout")
                + " has more than "
                + most
                + " nodes, the most that one file is written for")
        : Optional.empty();
  }

  static Sketch tree(int depth, int fanout) {
    String first = "leaf" + "-1".repeat(depth);
    String last = "leaf" + ("-" + fanout).repeat(depth);
    boolean alone = first.equals(last);
    Sketch sketch =
        new Sketch(
            "A tree, "
                + (depth == 1 ? "1 cable" : depth + " cables")
                + " deep, "
                + fanout
                + " below each node: "
                + first
                + " traces the way to "
                + (alone ? "root" : last)
                + " and pings it, and the run is over.");
    sketch.router("root");
    grow(sketch, "root", "", depth, fanout);
    return sketch.visit(first, alone ? "root" : last);
  }

  private static void grow(Sketch sketch, String parent, String path, int depth, int fanout) {
    List<String> children = numbered((depth == 1 ? "leaf" : "router") + path, fanout);
    sketch.star(parent, children);
    for (int child = 1; child <= fanout; child++) {
      String name = children.get(child - 1);
      draw(sketch, name, depth > 1);
      sketch.up(name, parent);
      if (depth > 1) {
        grow(sketch, name, path + "-" + child, depth - 1, fanout);
      }
    }
  }

  /** {@code leaf-1}, {@code leaf-2} and so on. */
  private static List<String> numbered(String name, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(it -> name + "-" + it).toList();
  }

  private static void draw(Sketch sketch, String node, boolean isRouter) {
    if (isRouter) {
      sketch.router(node);
    } else {
      sketch.node(node);
    }
  }
}
