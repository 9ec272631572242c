package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.BAD_NAME;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.StarDocument;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Spells patterns of cables out, if they are good. */
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

  /** Before anyone counts them: a slip in a name is not a pattern that is too small. */
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

  private static Location locate(Tree tree, Object... steps) {
    return new TreePath(List.of(steps), false).locate(tree);
  }
}
