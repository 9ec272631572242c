package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.BAD_NAME;
import static dev.topology.source.DiagnosticId.DUPLICATE_ENTRY;
import static dev.topology.source.DiagnosticId.OVERSIZED;
import static dev.topology.source.DiagnosticId.PATTERN_TOO_SMALL;

import dev.topology.language.bind.Binder;
import dev.topology.language.bind.Keys;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.language.load.CableReader.CableForms;
import dev.topology.language.load.CableReader.CablePattern;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.load.NodeNames.NodeReference;
import dev.topology.language.value.Names;
import dev.topology.language.value.Parsed.Wrong;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the cables of patterns, and reports what is wrong with the patterns. */
final class PatternReader {

  private final NodeNames names;
  private final Report report;
  private final PatternCheck check;

  PatternReader(NodeNames names, Report report) {
    this.names = names;
    this.report = report;
    this.check = new PatternCheck(report);
  }

  /** The cables of a pattern; none where a mistake has been reported. */
  List<CableDraft> cables(CablePattern kind, CableDocument keys, Tree tree) {
    return nodes(kind, keys, tree)
        .filter(this::areThere)
        .map(it -> new WrittenPattern(kind, it, keys, tree))
        .filter(check::isGood)
        .map(WrittenPattern::cables)
        .orElse(List.of());
  }

  /** The nodes of a pattern, a star's hub first; empty if some could not be read. */
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
    Location place = TreePath.to("star", "hub").locate(tree);
    if (!isPlain(hub, place)
        || !names.isOne(hub, "a star has one hub", "write one star for each", place)) {
      return Optional.empty();
    }
    return leaves.map(
        it -> Stream.concat(Stream.of(new NodeReference(hub, place)), it.stream()).toList());
  }

  private Optional<List<NodeReference>> nodes(
      @Nullable List<@Nullable String> written, Tree tree, String... keys) {
    TreePath path = TreePath.to((Object[]) keys);
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

  /** Checked before the size: a misspelt name is not a pattern that is too small. */
  private boolean areThere(List<NodeReference> nodes) {
    List<NodeReference> unknown = nodes.stream().filter(it -> !names.isKnown(it.name())).toList();
    unknown.forEach(it -> names.reportUnknown(it.name(), "cable", it.place()));
    return unknown.isEmpty();
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

  /**
   * A pattern of cables with the nodes it was given.
   *
   * @param kind what it makes of them
   * @param nodes a star's hub first
   * @param keys what each of its cables says
   * @param tree where it says so
   */
  private record WrittenPattern(
      CablePattern kind, List<NodeReference> nodes, CableDocument keys, Tree tree) {

    /** How many cables it makes. */
    long size() {
      return kind.cables(nodes.size());
    }

    /** All its cables, in order. */
    List<CableDraft> cables() {
      List<EndDraft> ends =
          nodes.stream().map(it -> CableForms.endAt(it.name(), it.place())).toList();
      List<CableDraft> drafts = new ArrayList<>();
      kind.forEach(
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

    /** Where the nodes are given, or its key if there are none. */
    Location location() {
      boolean isEmpty = tree.get(kind.key()).filter(Tree::isEmptyValue).isPresent();
      return new TreePath(List.of(kind.key()), isEmpty).locate(tree);
    }

    Location locate(String key) {
      return TreePath.to(key).locate(tree);
    }
  }

  /** Whether the cables of patterns can be made: of each, and of all together. */
  private static final class PatternCheck {

    private final Report report;
    private long cables;

    PatternCheck(Report report) {
      this.report = report;
    }

    /** Whether the cables of a pattern can be made; if not, the reason is reported. */
    boolean isGood(WrittenPattern pattern) {
      boolean isLarge = isLargeEnough(pattern);
      boolean isUnique = isFreeOfDuplicates(pattern);
      return isLarge && isUnique && isAffordable(pattern) && isNameable(pattern);
    }

    private boolean isLargeEnough(WrittenPattern pattern) {
      boolean largeEnough = pattern.nodes().size() >= pattern.kind().fewestNodes();
      if (!largeEnough) {
        report.add(
            Diagnostic.of(PATTERN_TOO_SMALL, pattern.location(), smallness(pattern))
                .hint(
                    pattern.kind() == CablePattern.RING && pattern.nodes().size() == 2
                        ? Optional.of("two nodes make a line")
                        : Keys.example(CableDocument.class, pattern.kind().key())
                            .map(it -> "such as \"" + it + "\"")));
      }
      return largeEnough;
    }

    private static String smallness(WrittenPattern pattern) {
      CablePattern kind = pattern.kind();
      return kind == CablePattern.STAR
          ? "a star has at least 1 leaf"
          : "a %s has at least %d nodes, not %d"
              .formatted(kind.key(), kind.fewestNodes(), pattern.nodes().size());
    }

    private boolean isFreeOfDuplicates(WrittenPattern pattern) {
      Map<String, Location> seen = new HashMap<>();
      boolean free = true;
      for (NodeReference node : pattern.nodes()) {
        Location first = seen.putIfAbsent(node.name(), node.place());
        if (first != null) {
          free = false;
          report.add(duplicate(pattern, node, first));
        }
      }
      return free;
    }

    private static Diagnostic duplicate(
        WrittenPattern pattern, NodeReference node, Location first) {
      List<NodeReference> nodes = pattern.nodes();
      boolean closes =
          pattern.kind() == CablePattern.LINE
              && node.equals(nodes.get(nodes.size() - 1))
              && node.name().equals(nodes.get(0).name());
      return Diagnostic.of(
              DUPLICATE_ENTRY,
              node.place(),
              "node " + Quote.of(node.name()) + " is in this " + pattern.kind().key() + " twice")
          .hint(closes ? Optional.of("a ring closes by itself") : Optional.empty())
          .related("first given here:", first);
    }

    private boolean isAffordable(WrittenPattern pattern) {
      if (cables + pattern.size() > Binder.MOST_OF_A_KIND) {
        report.add(
            Diagnostic.of(
                OVERSIZED,
                pattern.location(),
                "with the %d cables of this %s the topology has more than %d"
                    .formatted(pattern.size(), pattern.kind().key(), Binder.MOST_OF_A_KIND)));
        return false;
      }
      cables += pattern.size();
      return true;
    }

    /** Whether the name of the last cable, which is the longest, is valid. */
    private boolean isNameable(WrittenPattern pattern) {
      String name = pattern.keys().name();
      if (name != null
          && Names.cableName(name + "-" + pattern.size()) instanceof Wrong<String> wrong) {
        report.add(
            Diagnostic.of(wrong.id(), pattern.locate("name"), wrong.message()).hint(wrong.hint()));
        return false;
      }
      return true;
    }
  }
}
