package dev.topology.language.load;

import dev.topology.language.bind.Binder;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.load.CableReader.CableForms;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Draft.SwitchDraft;
import dev.topology.language.load.NodeNames.NodeReference;
import dev.topology.language.value.Addresses;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the switches, and makes a cable of each of their ends. */
final class SwitchReader {

  private static final CableDocument PLAIN = DocumentType.of(CableDocument.class).empty();

  private final Binder binder;
  private final Report report;
  private final Map<String, SwitchDraft> switches = new LinkedHashMap<>();
  private long cables;

  SwitchReader(Binder binder, Report report) {
    this.binder = binder;
    this.report = report;
  }

  /** Adds a switch; of wrong keys, those that are good. */
  void add(Entry written) {
    Scalar name = written.key();
    Tree tree = CableForms.toLongForm(written.value());
    SwitchDocument keys =
        tree.isEmptyValue()
            ? SwitchDocument.EMPTY
            : binder.bind(tree, SwitchDocument.class, report).orElse(SwitchDocument.EMPTY);
    SwitchDraft draft = new SwitchDraft(name.text(), name.location(), keys, tree);
    switches.put(name.text(), draft);
    for (int index = 0; index < draft.subnets().size(); index++) {
      if (Addresses.HOST_NETWORK.overlaps(draft.subnets().get(index))) {
        report.add(
            Diagnostic.of(
                    DiagnosticId.HOST_NETWORK_OVERLAP,
                    draft.locate("subnet", index),
                    draft.subnets().get(index) + " has addresses of the host network of each node")
                .hint("choose another"));
      }
    }
  }

  /** The switches by name, in the order of the file. */
  Map<String, SwitchDraft> switches() {
    return switches;
  }

  /** Reports switches that have the name of a node. */
  void checkNames(Map<String, NodeDraft> nodes) {
    for (SwitchDraft each : switches.values()) {
      NodeDraft node = nodes.get(each.name());
      if (node != null) {
        report.add(
            Diagnostic.of(
                    DiagnosticId.SWITCH_NAME_TAKEN,
                    each.location(),
                    "there is a node " + Quote.of(each.name()) + " already")
                .hint("the ends of cables name nodes and switches alike")
                .related("first given here:", node.location()));
      }
    }
  }

  /** The cables to the ends that the switches name, from the switch to each. */
  List<CableDraft> cables(NodeNames names) {
    return switches.values().stream().flatMap(it -> cables(it, names).stream()).toList();
  }

  private List<CableDraft> cables(SwitchDraft from, NodeNames names) {
    List<CableDraft> drafts = new ArrayList<>();
    List<@Nullable EndDocument> ends = from.ends();
    Map<String, Location> seen = new HashMap<>();
    for (int index = 0; index < ends.size(); index++) {
      EndDocument end = ends.get(index);
      Tree tree = new TreePath(List.of("ends", index), false).find(from.tree()).orElse(from.tree());
      String node = end == null ? null : end.node();
      if (end != null && node == null) {
        drafts.add(cable(from, new EndDraft(end, tree)));
      } else if (end != null && node != null) {
        spellOut(node, end, tree, names).stream()
            .filter(it -> isNew(it, from, seen))
            .forEach(it -> drafts.add(cable(from, it)));
      }
    }
    return drafts;
  }

  private List<EndDraft> spellOut(String node, EndDocument end, Tree tree, NodeNames names) {
    List<NodeReference> nodes = new ArrayList<>();
    Location place = new TreePath(List.of("node"), false).locate(tree);
    if (!names.spellOut(node, "switch", place, nodes)) {
      return List.of();
    }
    if ((cables += nodes.size()) > Binder.MOST_OF_A_KIND) {
      report.add(
          Diagnostic.of(
              DiagnosticId.OVERSIZED,
              place,
              "with these ends the switches have more than " + Binder.MOST_OF_A_KIND + " cables"));
      return List.of();
    }
    return nodes.stream().map(it -> new EndDraft(end.of(it.name()), tree)).toList();
  }

  /** To plug a node in twice, its interfaces have to be named: it is more likely a mistake. */
  private boolean isNew(EndDraft end, SwitchDraft at, Map<String, Location> seen) {
    if (end.interfaceName().isPresent()) {
      return true;
    }
    Location place = end.locate("node");
    Location first = seen.putIfAbsent(end.node().orElse(""), place);
    if (first != null) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.DUPLICATE_ENTRY,
                  place,
                  "%s is at switch %s twice"
                      .formatted(Quote.of(end.node().orElse("")), Quote.of(at.name())))
              .hint("to plug it in twice, name the interfaces")
              .related("first given here:", first));
    }
    return first == null;
  }

  private static CableDraft cable(SwitchDraft from, EndDraft end) {
    EndDraft left = CableForms.endAt(from.name(), from.location());
    return new CableDraft(PLAIN, end.tree(), left, end, OptionalInt.empty());
  }
}
