package dev.topology.language.load;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.load.Tree.Entry;
import dev.topology.language.load.Tree.Mapping;
import dev.topology.language.load.Tree.Scalar;
import dev.topology.language.load.Tree.Scalar.Style;
import dev.topology.source.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A pattern of cables with the nodes it was given.
 *
 * @param kind what it makes of them
 * @param nodes a star's hub first
 * @param keys what each of its cables says
 * @param tree where it says so
 */
record WrittenPattern(CablePattern kind, List<NodeReference> nodes, CableDocument keys, Tree tree) {

  /** How many cables it makes. */
  long size() {
    return kind.cables(nodes.size());
  }

  /** All its cables, in order. */
  List<CableDraft> cables() {
    List<EndDraft> ends = nodes.stream().map(WrittenPattern::end).toList();
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
    return new TreePath(List.of(key), false).locate(tree);
  }

  private static EndDraft end(NodeReference node) {
    Scalar name = new Scalar(node.place(), node.name(), Style.TEXT);
    Scalar key = new Scalar(node.place(), "node", Style.TEXT);
    Map<String, Entry> entries = new LinkedHashMap<>(Map.of("node", new Entry(key, name)));
    return new EndDraft(
        new EndDocument(node.name(), null, null, null), new Mapping(node.place(), entries));
  }
}
