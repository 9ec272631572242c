package dev.topology.load;

import static dev.topology.source.DiagnosticId.BAD_NAME;
import static dev.topology.source.DiagnosticId.DUPLICATE_ENTRY;
import static dev.topology.source.DiagnosticId.MISSING_KEY;
import static dev.topology.source.DiagnosticId.OVERSIZED;
import static dev.topology.source.DiagnosticId.PATTERN_CONFLICT;
import static dev.topology.source.DiagnosticId.PATTERN_TOO_SMALL;

import dev.topology.document.CableDocument;
import dev.topology.document.EndDocument;
import dev.topology.document.StarDocument;
import dev.topology.load.Parsed.Wrong;
import dev.topology.load.Tree.Entry;
import dev.topology.load.Tree.Mapping;
import dev.topology.load.Tree.Scalar;
import dev.topology.load.Tree.Scalar.Style;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes of what is written as one cable all the cables that it stands for. */
final class PatternReader {

  private static final String ENDS = "ends";

  private final NodeNames names;
  private final Report report;
  private long cables;

  PatternReader(NodeNames names, Report report) {
    this.names = names;
    this.report = report;
  }

  /** The one cable, or those of the pattern; none where a mistake has been reported. */
  List<CableDraft> cables(CableDocument keys, Tree tree) {
    List<String> kinds =
        kinds()
            .filter(it -> tree.get(it).isPresent())
            .sorted(Comparator.comparing(it -> locateKey(tree, it).start()))
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
        .flatMap(it -> spellOut(it, keys, tree).stream())
        .toList();
  }

  /** The keys that say what is cabled, of which a cable has one. */
  private static Stream<String> kinds() {
    return Stream.concat(Stream.of(ENDS), Stream.of(CablePattern.values()).map(CablePattern::key));
  }

  private static Diagnostic conflict(List<String> kinds, Tree tree) {
    String second = kinds.get(1);
    return Diagnostic.of(
            PATTERN_CONFLICT,
            locateKey(tree, second),
            Quote.of(kinds.get(0)) + " and " + Quote.of(second) + " cannot be in the same cable")
        .hint("make two of it, each starting with \"-\"")
        .related("first given here:", locateKey(tree, kinds.get(0)));
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

  /** Unless they are there but could not be read, or misspelt: both have been reported. */
  private void reportMissingEnds(Tree tree) {
    boolean isMeant =
        kinds().anyMatch(it -> Keys.isMeant(it, CableDocument.class, tree))
            || tree.get("hub").isPresent()
            || tree.get("leaves").isPresent();
    if (tree.get(ENDS).isEmpty() && !isMeant) {
      report.add(
          Diagnostic.of(MISSING_KEY, tree.location(), "a cable needs the key \"ends\"")
              .hint(Keys.example(CableDocument.class, ENDS).map(it -> "such as \"" + it + "\"")));
    }
  }

  private static EndDraft end(Tree cable, List<EndDocument> ends, int index) {
    TreePath path = new TreePath(List.of(ENDS, index), false);
    return new EndDraft(ends.get(index), path.find(cable).orElse(cable));
  }

  private List<CableDraft> spellOut(CablePattern pattern, CableDocument keys, Tree tree) {
    Optional<List<NodeReference>> read = nodes(pattern, keys, tree);
    if (read.isEmpty()) {
      return List.of();
    }
    List<NodeReference> nodes = read.get();
    boolean isLarge = isLargeEnough(pattern, nodes, tree);
    boolean isUnique = isFreeOfDuplicates(pattern, nodes);
    boolean isGood =
        isLarge
            && isUnique
            && isAffordable(pattern, nodes, tree)
            && isNameable(pattern, keys, nodes, tree);
    return isGood ? draft(pattern, nodes, keys, tree) : List.of();
  }

  /** The nodes in question, a star's hub first; empty if some could not be read. */
  private Optional<List<NodeReference>> nodes(CablePattern pattern, CableDocument keys, Tree tree) {
    return switch (pattern) {
      case LINE -> nodes(keys.line(), tree, "line");
      case RING -> nodes(keys.ring(), tree, "ring");
      case MESH -> nodes(keys.mesh(), tree, "mesh");
      case STAR -> star(keys.star(), tree);
    };
  }

  private Optional<List<NodeReference>> star(@Nullable StarDocument star, Tree tree) {
    if (star == null) {
      return nodes(null, tree, "star");
    }
    String hub = star.hub();
    if (hub == null) {
      return Optional.empty();
    }
    Optional<List<NodeReference>> leaves = nodes(star.leaves(), tree, "star", "leaves");
    Location place = locate(tree, "star", "hub");
    if (!isPlain(hub, place)
        || !names.isOne(hub, "a star has one hub", "write one star for each", place)) {
      return Optional.empty();
    }
    return leaves.map(
        it -> Stream.concat(Stream.of(new NodeReference(hub, place)), it.stream()).toList());
  }

  private Optional<List<NodeReference>> nodes(
      @Nullable List<@Nullable String> written, Tree tree, String... keys) {
    TreePath path = new TreePath(List.of((Object[]) keys), false);
    if (written == null) {
      // Nothing at all after the key is a list without nodes; all else has been reported.
      boolean isEmpty = path.find(tree).filter(Tree::isEmptyValue).isPresent();
      return isEmpty ? Optional.of(List.of()) : Optional.empty();
    }
    List<NodeReference> all = new ArrayList<>();
    boolean complete = true;
    for (int index = 0; index < written.size(); index++) {
      String name = written.get(index);
      Location place = path.then(index).locate(tree);
      complete &= name != null && isPlain(name, place) && names.spellOut(name, "cable", place, all);
    }
    return complete ? Optional.of(all) : Optional.empty();
  }

  private boolean isPlain(String name, Location place) {
    if (name.indexOf(':') < 0) {
      return true;
    }
    report.add(
        Diagnostic.of(BAD_NAME, place, Quote.of(name) + " cannot stand in a pattern of cables")
            .hint("it takes nodes, and each one's next free interface; write this cable alone"));
    return false;
  }

  private boolean isLargeEnough(CablePattern pattern, List<NodeReference> nodes, Tree tree) {
    boolean largeEnough = nodes.size() >= pattern.fewestNodes();
    if (!largeEnough) {
      report.add(
          Diagnostic.of(PATTERN_TOO_SMALL, locateValue(pattern, tree), smallness(pattern, nodes))
              .hint(
                  pattern == CablePattern.RING && nodes.size() == 2
                      ? "two nodes make a line"
                      : "such as \""
                          + Keys.example(CableDocument.class, pattern.key()).orElse("")
                          + "\""));
    }
    return largeEnough;
  }

  private static String smallness(CablePattern pattern, List<NodeReference> nodes) {
    return pattern == CablePattern.STAR
        ? "a star has at least 1 leaf"
        : "a "
            + pattern.key()
            + " has at least "
            + pattern.fewestNodes()
            + " nodes, not "
            + nodes.size();
  }

  private boolean isFreeOfDuplicates(CablePattern pattern, List<NodeReference> nodes) {
    Map<String, Location> seen = new HashMap<>();
    boolean free = true;
    for (NodeReference node : nodes) {
      Location first = seen.putIfAbsent(node.name(), node.place());
      if (first != null) {
        free = false;
        report.add(
            Diagnostic.of(
                    DUPLICATE_ENTRY,
                    node.place(),
                    "node " + Quote.of(node.name()) + " is in this " + pattern.key() + " twice")
                .hint(duplicateHint(pattern, nodes, node))
                .related("first given here:", first));
      }
    }
    return free;
  }

  private static Optional<String> duplicateHint(
      CablePattern pattern, List<NodeReference> nodes, NodeReference node) {
    boolean closes =
        pattern == CablePattern.LINE
            && node.equals(nodes.get(nodes.size() - 1))
            && node.name().equals(nodes.get(0).name());
    return closes ? Optional.of("a ring closes by itself") : Optional.empty();
  }

  private boolean isAffordable(CablePattern pattern, List<NodeReference> nodes, Tree tree) {
    long more = pattern.cables(nodes.size());
    if (cables + more > Binder.MOST_PARTS) {
      report.add(
          Diagnostic.of(
              OVERSIZED,
              locateValue(pattern, tree),
              "with the "
                  + more
                  + " cables of this "
                  + pattern.key()
                  + " the topology has more than "
                  + Binder.MOST_PARTS));
      return false;
    }
    cables += more;
    return true;
  }

  /** Whether the last and longest of the cables' names is still one. */
  private boolean isNameable(
      CablePattern pattern, CableDocument keys, List<NodeReference> nodes, Tree tree) {
    if (keys.name() != null
        && Names.cableName(keys.name() + "-" + pattern.cables(nodes.size()))
            instanceof Wrong<String> wrong) {
      report.add(
          Diagnostic.of(wrong.id(), locate(tree, "name"), wrong.message()).hint(wrong.hint()));
      return false;
    }
    return true;
  }

  private static List<CableDraft> draft(
      CablePattern pattern, List<NodeReference> nodes, CableDocument keys, Tree tree) {
    List<EndDraft> ends = nodes.stream().map(PatternReader::end).toList();
    List<CableDraft> drafts = new ArrayList<>();
    pattern.forEach(
        nodes.size(),
        (left, right) ->
            drafts.add(
                new CableDraft(
                    keys,
                    tree,
                    ends.get(left),
                    ends.get(right),
                    OptionalInt.of(drafts.size() + 1))));
    return drafts;
  }

  private static EndDraft end(NodeReference node) {
    Scalar name = new Scalar(node.place(), node.name(), Style.TEXT);
    Scalar key = new Scalar(node.place(), "node", Style.TEXT);
    Map<String, Entry> entries = new LinkedHashMap<>(Map.of("node", new Entry(key, name)));
    return new EndDraft(
        new EndDocument(node.name(), null, null, null), new Mapping(node.place(), entries));
  }

  private static Location locateValue(CablePattern pattern, Tree tree) {
    boolean isEmpty = tree.get(pattern.key()).filter(Tree::isEmptyValue).isPresent();
    return isEmpty ? locateKey(tree, pattern.key()) : locate(tree, pattern.key());
  }

  private static Location locate(Tree tree, Object... steps) {
    return new TreePath(List.of(steps), false).locate(tree);
  }

  private static Location locateKey(Tree tree, String key) {
    return new TreePath(List.of(key), true).locate(tree);
  }
}
