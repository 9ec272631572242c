package dev.topology.language.starter;

import dev.topology.language.starter.Sketch.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A topology file to start from, with comments that explain it. It loads without errors and
 * warnings; {@code topology up} of it shows something and ends.
 */
public final class StarterFile {

  private static final int WIDEST = 88;

  private final Sketch sketch;
  private final Routes routes;
  private final String file;
  private final List<String> lines = new ArrayList<>();
  private boolean routesAreExplained;

  private StarterFile(Sketch sketch, String file) {
    this.sketch = sketch;
    this.routes = new Routes(sketch);
    this.file = file;
  }

  /**
   * The text of the file.
   *
   * @param name of the topology; a DNS label, which is not checked
   * @param values of the shape's dimensions, by their names; others have their usual value
   * @param file how its comments call the file
   * @throws IllegalArgumentException if {@link Shape#problem} has one
   */
  public static String text(Shape shape, String name, Map<String, Integer> values, String file) {
    return new StarterFile(shape.draw(values), file).write(shape, name);
  }

  private String write(Shape shape, String name) {
    comment("", sketch.story());
    line("#");
    line("#   topology up " + file + "        brings it up, and takes it down again");
    line("#   topology validate " + file + "  checks it after a change");
    line("name: " + name);
    line("");
    defaults(shape);
    if (sketch.isRouted() && !sketch.areAllRouters()) {
      routers();
    }
    nodes(shape);
    cables();
    return String.join("\n", lines) + "\n";
  }

  private void defaults(Shape shape) {
    line("# What every node has, unless it says otherwise.");
    line("defaults:");
    line("  memory: 128MiB");
    if (shape != Shape.PAIR) {
      line("  host_network: false  # cables only: no way to this host and beyond");
    }
    if (sketch.isRouted() && sketch.areAllRouters()) {
      line("  forward: true  # passes on packets that are for others, as routers do");
    }
    line("");
  }

  private void routers() {
    line("# What the nodes have that say \"group: router\".");
    line("groups:");
    line("  router:");
    line("    forward: true  # passes on packets that are for others");
    line("");
  }

  private void nodes(Shape shape) {
    line("nodes:");
    sketch.nodes().forEach(node -> node(node, shape));
    line("");
  }

  private void node(String node, Shape shape) {
    int start = lines.size();
    line("  " + node + ":");
    sketch.count(node).ifPresent(it -> count(node, it));
    if (sketch.isRouter(node) && !sketch.areAllRouters()) {
      line("    group: router");
    }
    if (shape == Shape.PAIR && node.equals("left")) {
      line("    # A free port of this host that leads to port 22 of the node; up says which.");
      line("    ports: {22: auto}");
    }
    routes(node);
    if (!sketch.command(node).isEmpty()) {
      command(node);
    }
    if (lines.size() == start + 1) {
      lines.set(start, "  " + node + ": {}");
    }
  }

  private void count(String node, int count) {
    String names = node + "-1" + (count == 1 ? "" : " to " + node + "-" + count);
    line(
        "    # How many copies there are: " + names + ". In lists, " + node + "-* is all of them.");
    line("    count: " + count);
  }

  private void routes(String node) {
    Map<String, String> table = sketch.isRouted() ? routes.of(node) : Map.of();
    if (table.isEmpty()) {
      return;
    }
    if (!routesAreExplained) {
      line("    # Which neighbour leads to the networks that it has no cable in.");
      routesAreExplained = true;
    }
    if (table.size() == 1) {
      table.forEach((to, via) -> line("    routes: {" + to + ": " + via + "}"));
    } else {
      line("    routes:");
      table.forEach((to, via) -> line("      " + to + ": " + via));
    }
  }

  private void command(String node) {
    List<String> others =
        sketch.nodes().stream()
            .filter(Predicate.not(node::equals))
            .map(it -> sketch.count(it).isPresent() ? it + "-*" : it)
            .toList();
    line("    # Starts when these are ready.");
    String flow = "    depends_on: " + flow(others);
    if (flow.length() <= WIDEST) {
      line(flow);
    } else {
      line("    depends_on:");
      others.forEach(it -> line("      - " + it));
    }
    line("    # What it runs. A node without a command offers a shell until the run is over.");
    List<String> script = sketch.command(node);
    if (script.size() == 1) {
      line("    command: " + script.get(0));
    } else {
      line("    command: |");
      script.forEach(it -> line("      " + it));
    }
  }

  private void cables() {
    line("# Each end is the next free interface of its node: eth1, eth2 and so on.");
    if (sketch.isRouted()) {
      line("# The first cable has the addresses 10.64.0.0 and 10.64.0.1, the next the two after.");
    }
    if (!sketch.patterns().isEmpty()) {
      line("# Patterns make several cables each; a cable alone is written - [left, right].");
    }
    line("cables:");
    if (sketch.patterns().isEmpty()) {
      sketch.cables().forEach(it -> line("  - [" + it.left() + ", " + it.right() + "]"));
    }
    sketch.patterns().forEach(this::pattern);
  }

  private void pattern(Sketch.Pattern pattern) {
    String flow =
        pattern.hub().isPresent()
            ? "{hub: " + pattern.hub().get() + ", leaves: " + flow(pattern.nodes()) + "}"
            : flow(pattern.nodes());
    String entry = "  - " + pattern.name() + ": " + flow;
    if (entry.length() <= WIDEST) {
      line(entry);
      return;
    }
    line("  - " + pattern.name() + ":");
    pattern.hub().ifPresent(it -> line("      hub: " + it));
    pattern.hub().ifPresent(it -> line("      leaves:"));
    String indent = pattern.hub().isPresent() ? "        - " : "      - ";
    pattern.nodes().forEach(it -> line(indent + it));
  }

  private static String flow(List<String> nodes) {
    return "[" + String.join(", ", nodes) + "]";
  }

  /** Breaks a text into lines of a comment. */
  private void comment(String indent, String text) {
    StringBuilder row = new StringBuilder(indent + "#");
    for (String word : text.split(" ", -1)) {
      if (row.length() + 1 + word.length() > WIDEST) {
        line(row.toString());
        row = new StringBuilder(indent + "#");
      }
      row.append(' ').append(word);
    }
    line(row.toString());
  }

  private void line(String text) {
    lines.add(text);
  }
}
