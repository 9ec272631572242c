package dev.topology.language.yaml;

import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Scalar.Style;
import dev.topology.language.yaml.YamlReader.Events;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What aliases stand for. Aliased trees are shared, not copied, but a walk of the tree visits them
 * each time: so their size and height are counted as if they were copies, and capped. A bomb of
 * nine lines would otherwise unfold to billions of values.
 */
final class Anchors {

  /** Enough for 10,000 nodes that merge 100 keys each, little enough to walk in a second. */
  private static final long MOST_VALUES = 3_000_000;

  private static final int DEEPEST = 48;

  private final Map<String, Definition> definitions = new HashMap<>();
  private final Report report;
  private long values;
  private int deepest;

  Anchors(Report report) {
    this.report = report;
  }

  /** Counts a value, at that depth below the root. */
  void sawNode(int depth) {
    values++;
    deepest = Math.max(deepest, depth);
  }

  /** The definition of an anchor whose value comes next. */
  Definition open(String name, int depth) {
    Definition definition = new Definition(depth, values, deepest);
    definitions.put(name, definition);
    deepest = depth;
    return definition;
  }

  /** Says what the anchor stands for. */
  void close(Definition definition, Tree tree) {
    definition.tree = Optional.of(tree);
    definition.size = values - definition.valuesBefore;
    definition.height = deepest - definition.depth;
    deepest = Math.max(deepest, definition.deepestBefore);
  }

  /** What an alias stands for, seen where the alias is. */
  Tree resolve(String name, Location location, int depth, Events events) {
    Definition definition = definitions.get(name);
    if (definition == null || definition.tree.isEmpty()) {
      report.add(definition == null ? unknown(name, location) : recursive(name, location));
      return new Scalar(location, "", Style.BROKEN);
    }
    values += definition.size;
    deepest = Math.max(deepest, depth + definition.height);
    if (values > MOST_VALUES || deepest > DEEPEST) {
      events.giveUp(
          Diagnostic.of(
              DiagnosticId.TOO_MANY_ALIASES,
              location,
              "with the alias *" + name + ", the aliases of this file unfold beyond measure"));
    }
    return definition.tree.get().at(location);
  }

  private Diagnostic unknown(String name, Location location) {
    Diagnostic diagnostic =
        Diagnostic.of(
            DiagnosticId.UNKNOWN_ALIAS,
            location,
            "the alias "
                + Quote.of("*" + name)
                + " has no anchor "
                + Quote.of("&" + name)
                + " before it");
    return Nearest.to(name, definitions.keySet())
        .map(nearest -> diagnostic.hint("did you mean \"*" + nearest + "\"?"))
        .orElse(diagnostic);
  }

  private static Diagnostic recursive(String name, Location location) {
    return Diagnostic.of(
        DiagnosticId.RECURSIVE_ALIAS,
        location,
        "the alias " + Quote.of("*" + name) + " stands inside the very thing it stands for");
  }

  /** One anchor. */
  static final class Definition {
    private final int depth;
    private final long valuesBefore;
    private final int deepestBefore;
    private Optional<Tree> tree = Optional.empty();
    private long size;
    private int height;

    private Definition(int depth, long valuesBefore, int deepestBefore) {
      this.depth = depth;
      this.valuesBefore = valuesBefore;
      this.deepestBefore = deepestBefore;
    }
  }
}
