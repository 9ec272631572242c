package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.NODE_NAME_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.OVERSIZED;

import dev.topology.language.bind.Binder;
import dev.topology.language.bind.Keys;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.load.NodeDraft.Layer;
import dev.topology.language.load.NodeNames.Copies;
import dev.topology.language.value.Names;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.Parsed.Wrong;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Collects the nodes one by one, and makes the copies of those with a count. */
final class NodeReader {

  private final Map<String, NodeDraft> nodes = new LinkedHashMap<>();
  private final Map<String, Copies> copies = new LinkedHashMap<>();
  private final Groups groups;
  private final Report report;

  NodeReader(Groups groups, Report report) {
    this.groups = groups;
    this.report = report;
  }

  void add(Scalar name, Layer layer) {
    NodeDraft node = groups.join(name, layer);
    Integer count = layer.keys().count();
    if (count != null) {
      addCopies(node, new Copies(name.text(), OptionalInt.of(count), name.location()));
    } else if (isCounted(layer)) {
      copies.put(name.text(), new Copies(name.text(), OptionalInt.empty(), name.location()));
    } else {
      add(node);
    }
  }

  /** All nodes, in the order of the file, the copies of one after the other. */
  Map<String, NodeDraft> nodes() {
    return nodes;
  }

  /**
   * What they are called.
   *
   * @param isComplete whether all nodes could be read, so that another one does not exist
   */
  NodeNames names(boolean isComplete) {
    return new NodeNames(nodes, copies, isComplete, report);
  }

  /** Whether there is a count that could not be read, or was misspelt: either has been reported. */
  private static boolean isCounted(Layer layer) {
    return layer.tree().get("count").isPresent()
        || Keys.isMeant("count", NodeDocument.class, layer.tree());
  }

  private void addCopies(NodeDraft node, Copies family) {
    copies.put(family.base(), family);
    int last = family.count().orElse(0);
    if (nodes.size() + last > Binder.MOST_OF_A_KIND) {
      report.add(
          Diagnostic.of(
              OVERSIZED,
              node.locate("count"),
              "with these copies the topology has more than " + Binder.MOST_OF_A_KIND + " nodes"));
      return;
    }
    if (Names.nodeName(family.name(last)) instanceof Wrong<String> wrong
        && Names.nodeName(family.base()) instanceof Parsed.Value) {
      report.add(Diagnostic.of(wrong.id(), node.location(), wrong.message()).hint(wrong.hint()));
    }
    family.names().forEach(it -> add(node.named(it)));
  }

  private void add(NodeDraft node) {
    NodeDraft first = nodes.putIfAbsent(node.name(), node);
    if (first != null) {
      report.add(clash(first, node));
    }
  }

  /** Keys of a map differ, so at least one of the two is a copy. */
  private Diagnostic clash(NodeDraft first, NodeDraft second) {
    Location place = second.location();
    return Diagnostic.of(
            NODE_NAME_TAKEN_TWICE,
            place,
            "there is a node "
                + Quote.of(second.name())
                + " already: a count names its copies like that")
        .hint("call one of them by another name")
        .related("first given here:", first.location());
  }
}
