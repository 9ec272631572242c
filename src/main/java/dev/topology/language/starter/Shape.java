package dev.topology.language.starter;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

  /** In what respects its size can be chosen. */
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

  /** It with these values, which have no {@link #problem}. */
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
}
