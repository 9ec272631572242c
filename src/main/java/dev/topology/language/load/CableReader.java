package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.EMPTY_VALUE;
import static dev.topology.source.DiagnosticId.MISSING_KEY;
import static dev.topology.source.DiagnosticId.PATTERN_CONFLICT;

import dev.topology.language.bind.Keys;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Scalar.Style;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Turns one item of {@code cables} into a cable, or into all cables of its pattern. */
final class CableReader {

  private static final String ENDS = "ends";

  private final PatternReader patterns;
  private final Report report;

  CableReader(NodeNames names, Report report) {
    this.patterns = new PatternReader(names, report);
    this.report = report;
  }

  /** The one cable, or those of the pattern; none where a mistake has been reported. */
  List<CableDraft> cables(CableDocument keys, Tree tree) {
    List<String> kinds =
        kinds()
            .filter(it -> tree.get(it).isPresent())
            .sorted(Comparator.comparing(it -> TreePath.toKey(it).locate(tree).start()))
            .toList();
    if (kinds.size() > 1) {
      report.add(conflict(kinds, tree));
      return List.of();
    }
    if (kinds.isEmpty() || kinds.contains(ENDS)) {
      return cable(keys, tree).stream().toList();
    }
    return Stream.of(CablePattern.values())
        .filter(it -> kinds.contains(it.key()))
        .flatMap(it -> patterns.cables(it, keys, tree).stream())
        .toList();
  }

  /** The keys that say what is cabled; a cable has one of them. */
  private static Stream<String> kinds() {
    return Stream.concat(Stream.of(ENDS), Stream.of(CablePattern.values()).map(CablePattern::key));
  }

  private static Diagnostic conflict(List<String> kinds, Tree tree) {
    String second = kinds.get(1);
    return Diagnostic.of(
            PATTERN_CONFLICT,
            TreePath.toKey(second).locate(tree),
            Quote.of(kinds.get(0)) + " and " + Quote.of(second) + " cannot be in the same cable")
        .hint("make two of it, each starting with \"-\"")
        .related("first given here:", TreePath.toKey(kinds.get(0)).locate(tree));
  }

  private Optional<CableDraft> cable(CableDocument keys, Tree tree) {
    List<EndDocument> ends = keys.ends();
    if (ends == null) {
      reportMissingEnds(tree);
      return Optional.empty();
    }
    return ends.contains(null)
        ? Optional.empty()
        : Optional.of(
            new CableDraft(
                keys, tree, end(tree, ends, 0), end(tree, ends, 1), OptionalInt.empty()));
  }

  /** Not if they are unreadable or misspelt: both have been reported. */
  private void reportMissingEnds(Tree tree) {
    if (tree.get(ENDS).filter(Tree::isEmptyValue).isPresent()) {
      reportEnds(EMPTY_VALUE, TreePath.toKey(ENDS).locate(tree), "\"ends\" has no value");
    } else if (tree.get(ENDS).isEmpty() && !areMeant(tree)) {
      reportEnds(MISSING_KEY, tree.location(), "a cable needs the key \"ends\"");
    }
  }

  private static boolean areMeant(Tree tree) {
    return kinds().anyMatch(it -> Keys.isMeant(it, CableDocument.class, tree))
        || tree.get("hub").isPresent()
        || tree.get("leaves").isPresent();
  }

  private void reportEnds(DiagnosticId id, Location place, String message) {
    report.add(
        Diagnostic.of(id, place, message)
            .hint(Keys.example(CableDocument.class, ENDS).map(it -> "such as \"" + it + "\"")));
  }

  private static EndDraft end(Tree cable, List<EndDocument> ends, int index) {
    TreePath path = TreePath.to(ENDS, index);
    return new EndDraft(ends.get(index), path.find(cable).orElse(cable));
  }

  /**
   * Brings the short forms of a cable to the long one, every part keeping its place: {@code [left,
   * "right:eth2"]} becomes {@code {ends: [{node: left}, {node: right, interface: eth2}]}}.
   */
  static final class CableForms {

    private CableForms() {}

    static Tree toLongForm(Tree cable) {
      if (cable instanceof Sequence ends) {
        return mapping(cable.location(), Map.of("ends", toLongEnds(ends)));
      }
      if (cable instanceof Mapping mapping
          && mapping.get("ends").orElse(cable) instanceof Sequence) {
        Map<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
        entries.computeIfPresent(
            "ends", (key, it) -> new Entry(it.key(), toLongEnds((Sequence) it.value())));
        return new Mapping(cable.location(), entries, mapping.isWhole());
      }
      return cable;
    }

    private static Tree toLongEnds(Sequence ends) {
      return new Sequence(
          ends.location(), ends.items().stream().map(CableForms::toLongEnd).toList());
    }

    private static Tree toLongEnd(Tree end) {
      if (!(end instanceof Scalar scalar) || end.isEmptyValue() || scalar.isBroken()) {
        return end;
      }
      String text = scalar.text();
      int colon = text.indexOf(':');
      if (colon < 0) {
        return mapping(end.location(), Map.of("node", scalar));
      }
      Map<String, Tree> parts = new LinkedHashMap<>();
      parts.put("node", part(scalar, 0, colon));
      parts.put("interface", part(scalar, colon + 1, text.length()));
      return mapping(end.location(), parts);
    }

    private static Scalar part(Scalar scalar, int from, int to) {
      return new Scalar(scalar.part(from, to), scalar.text().substring(from, to), Style.TEXT);
    }

    /** An end that names a node or switch, where none was written: it is said at that place. */
    static EndDraft endAt(String node, Location place) {
      return new EndDraft(
          EndDocument.at(node),
          mapping(place, Map.of("node", new Scalar(place, node, Style.TEXT))));
    }

    private static Mapping mapping(Location location, Map<String, Tree> values) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      values.forEach(
          (key, value) ->
              entries.put(key, new Entry(new Scalar(location, key, Style.TEXT), value)));
      return new Mapping(location, entries);
    }
  }

  /**
   * A way of cabling several nodes at once. Interfaces, addresses and numbers follow from the
   * cables that it makes and their order, which never change.
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
}
