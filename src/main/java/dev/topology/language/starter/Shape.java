package dev.topology.language.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The shape of a network to start from. */
public enum Shape {
  PAIR("Two nodes and a cable between them.", sizes -> Drawings.pair()),
  LINE(
      "A client and a server with routers between them, in a row.",
      sizes -> Drawings.line(sizes.get("nodes")),
      new Dimension("nodes", 4, 2, Shape.MOST_NODES, Shape.LONG_FILE, "How many in a row.")),
  RING(
      "Routers in a circle.",
      sizes -> Drawings.ring(sizes.get("nodes")),
      new Dimension("nodes", 4, 3, Shape.MOST_NODES, Shape.LONG_FILE, "How many in the circle.")),
  STAR(
      "A hub, and leaves with a cable to it each.",
      sizes -> Drawings.star(sizes.get("leaves")),
      new Dimension("leaves", 3, 1, Shape.INTERFACES, Shape.FULL_NODE, "How many around the hub.")),
  TREE(
      "A root, routers below it, and leaves at the bottom.",
      sizes -> Drawings.tree(sizes.get("depth"), sizes.get("fanout")),
      new Dimension("depth", 2, 1, 6, Shape.LONG_FILE, "How many cables from root to leaf."),
      new Dimension(
          "fanout",
          2,
          1,
          Shape.INTERFACES - 1,
          Shape.FULL_NODE,
          "How many below each other node.")),
  MESH(
      "Nodes with a cable from each to every other.",
      sizes -> Drawings.mesh(sizes.get("nodes")),
      new Dimension("nodes", 4, 2, Shape.INTERFACES + 1, Shape.FULL_NODE, "How many.")),
  CLOS(
      "A row of spines above a row of leaves, with a cable from each to each.",
      sizes -> Drawings.clos(sizes.get("spines"), sizes.get("leaves")),
      new Dimension("spines", 2, 1, Shape.INTERFACES, Shape.FULL_NODE, "How many above."),
      new Dimension("leaves", 4, 2, Shape.INTERFACES, Shape.FULL_NODE, "How many below."));

  /** As many as a node has without the host network. */
  private static final int INTERFACES = 22;

  /** Static routes grow with the square of it. */
  private static final int MOST_NODES = 64;

  private static final String FULL_NODE = "a node has room for " + INTERFACES + " cables";
  private static final String LONG_FILE =
      "beyond " + MOST_NODES + " nodes, write a program that writes the file";

  private final String summary;

  @SuppressWarnings("ImmutableEnumChecker") // Each is a method without state.
  private final Function<Sizes, Sketch> drawing;

  @SuppressWarnings("ImmutableEnumChecker") // A copy, which nobody can change.
  private final List<Dimension> dimensions;

  Shape(String summary, Function<Sizes, Sketch> drawing, Dimension... dimensions) {
    this.summary = summary;
    this.drawing = drawing;
    this.dimensions = List.of(dimensions);
  }

  /** What it is, in one sentence. */
  public String summary() {
    return summary;
  }

  /** The dimensions that can be chosen. */
  public List<Dimension> dimensions() {
    return dimensions;
  }

  /**
   * What is wrong with these values of dimensions, if anything: a sentence without a full stop.
   *
   * @param values by the dimensions' names; those not in it have their usual value
   */
  public Optional<String> problem(Map<String, Integer> values) {
    Sizes sizes = new Sizes(this, values);
    return dimensions.stream()
        .flatMap(it -> it.problem(this, sizes.get(it.name())).stream())
        .findFirst()
        .or(() -> this == TREE ? Drawings.treeProblem(sizes, MOST_NODES) : Optional.empty());
  }

  /** The shape with these values, which have no {@link #problem}. */
  Sketch draw(Map<String, Integer> values) {
    problem(values)
        .ifPresent(
            it -> {
              throw new IllegalArgumentException(it);
            });
    return drawing.apply(new Sizes(this, values));
  }

  /** As users write it: {@code ring}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * How large a shape is in one respect.
   *
   * @param name one word: {@code nodes}
   * @param usual its value unless said otherwise
   * @param least the smallest value with which the shape is one
   * @param most the largest value
   * @param limit why it can be no larger, as part of a sentence
   * @param meaning a sentence, without what the other components tell
   */
  public record Dimension(
      String name, int usual, int least, int most, String limit, String meaning) {

    /** What is wrong with a value, if anything. */
    Optional<String> problem(Shape shape, int value) {
      if (value < least) {
        return Optional.of("a " + shape + " has at least " + least + " " + name + ", not " + value);
      }
      return value > most
          ? Optional.of(
              "a " + shape + " has at most " + most + " " + name + ", not " + value + ": " + limit)
          : Optional.empty();
    }
  }

  /** The values of a shape's dimensions, given or usual. */
  record Sizes(Shape shape, Map<String, Integer> given) {

    int get(String dimension) {
      return shape.dimensions().stream()
          .filter(it -> it.name().equals(dimension))
          .mapToInt(it -> given.getOrDefault(dimension, it.usual()))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Draws each shape. */
  static final class Drawings {

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
}
