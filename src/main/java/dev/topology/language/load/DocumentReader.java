package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.NODE_NAME_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.OVERSIZED;

import dev.topology.language.bind.Binder;
import dev.topology.language.bind.Keys;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.TopologyDocument;
import dev.topology.language.load.CableReader.CableForms;
import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Draft.NodeDraft.Layer;
import dev.topology.language.load.Draft.SwitchDraft;
import dev.topology.language.load.NodeNames.Copies;
import dev.topology.language.load.TestReader.TestDraft;
import dev.topology.language.value.Names;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.Parsed.Wrong;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.model.PlacementRules;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import dev.topology.source.SourceText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Binds the header, nodes, cables and tests of a tree, and makes a draft of them. */
final class DocumentReader {

  private final Tree root;
  private final Binder binder;
  private final Report report;

  DocumentReader(Tree root, Binder binder, Report report) {
    this.root = root;
    this.binder = binder;
    this.report = report;
  }

  /** The draft; empty if the file is no topology at all, which is reported. */
  Optional<Draft> read() {
    Optional<TopologyDocument> header = binder.bindShallow(root, TopologyDocument.class, report);
    return header.map(
        it -> {
          Layer defaults = layer(root.get("defaults"));
          Groups groups = new Groups(layers("groups"), defaults, isKnown("groups"), report);
          NodeReader nodes = nodes(groups);
          groups.reportUnused();
          groups.reportUnusedDefaults(nodes.nodes().values());
          SwitchReader switches = new SwitchReader(binder, report);
          entries("switches").values().forEach(switches::add);
          switches.checkNames(nodes.nodes());
          NodeNames names =
              nodes.names(isKnown("nodes") && isKnown("switches"), switches.switches());
          List<CableDraft> cables = new ArrayList<>(cables(names));
          cables.addAll(switches.cables(names));
          boolean isWhole = !report.hasErrors();
          List<TestDraft> tests =
              root.get("tests").map(new TestReader(binder, report)::tests).orElse(List.of());
          PlacementRules placement =
              root.get("placement")
                  .map(new PlacementReader(binder, names, report)::rules)
                  .orElse(PlacementRules.NONE);
          return new Draft(
              name(it),
              nodes.nodes(),
              switches.switches(),
              cables,
              placement,
              tests,
              names,
              isWhole);
        });
  }

  private NodeReader nodes(Groups groups) {
    Map<String, Layer> layers = layers("nodes");
    Map<String, Entry> entries = entries("nodes");
    if (entries.isEmpty() && isKnown("nodes")) {
      Location place = root.get("nodes").map(Tree::location).orElse(root.location());
      report.add(
          Diagnostic.of(
                  DiagnosticId.NO_NODES, place.part(0, 1), "a topology needs at least one node")
              .hint("such as \"nodes: {left: {}, right: {}}\""));
    }
    NodeReader reader = new NodeReader(groups, report);
    for (Entry it : entries.values()) {
      reader.add(it.key(), layers.getOrDefault(it.key().text(), layer(Optional.empty())));
    }
    return reader;
  }

  /**
   * Whether all that is under a key of the top level is known: no mistake in its name, type or keys
   * hides a part.
   */
  private boolean isKnown(String key) {
    boolean isMisspelt = Keys.isMeant(key, TopologyDocument.class, root);
    return root.get(key)
        .map(it -> it.isEmptyValue() || (it instanceof Mapping mapping && mapping.isWhole()))
        .orElse(!isMisspelt);
  }

  private List<CableDraft> cables(NodeNames names) {
    Tree cables = root.get("cables").orElse(root);
    CableReader reader = new CableReader(names, report);
    return cables instanceof Sequence list
        ? list.items().stream().flatMap(it -> cables(it, reader).stream()).toList()
        : List.of();
  }

  private List<CableDraft> cables(Tree written, CableReader reader) {
    if (written.isEmptyValue()) {
      report.add(
          Diagnostic.of(DiagnosticId.EMPTY_VALUE, written.location(), "this cable is empty")
              .hint("such as [left, right]"));
      return List.of();
    }
    Tree tree = CableForms.toLongForm(written);
    return binder
        .bind(tree, CableDocument.class, report)
        .map(keys -> reader.cables(keys, tree))
        .orElse(List.of());
  }

  private Map<String, Layer> layers(String key) {
    Map<String, Layer> layers = new LinkedHashMap<>();
    entries(key).forEach((name, entry) -> layers.put(name, layer(Optional.of(entry.value()))));
    return layers;
  }

  private Map<String, Entry> entries(String key) {
    return root.get(key).orElse(root) instanceof Mapping mapping && root.get(key).isPresent()
        ? mapping.entries()
        : Map.of();
  }

  /** The keys at a place; none if nothing is there, or nothing that can be bound. */
  private Layer layer(Optional<Tree> written) {
    Tree tree = written.orElse(root);
    return written
        .filter(it -> !it.isEmptyValue())
        .flatMap(it -> binder.bind(it, NodeDocument.class, report))
        .map(keys -> new Layer(tree, keys))
        .orElse(new Layer(Mapping.empty(tree.location()), NodeDocument.EMPTY));
  }

  private String name(TopologyDocument header) {
    if (root.get("name").isPresent()) {
      return Optional.ofNullable(header.name()).orElse("");
    }
    SourceText source = root.location().source();
    Optional<String> name = Names.ofFile(source.name());
    if (name.isEmpty()) {
      report.add(
          Diagnostic.of(
                  DiagnosticId.NO_NAME,
                  Location.startOf(source),
                  "the topology has no name, and its file's name cannot serve as one")
              .hint("add a line such as \"name: lab\""));
    }
    return name.orElse("");
  }

  /** Collects the nodes one by one, and makes the copies of those with a count. */
  static final class NodeReader {

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
     * @param isComplete whether all nodes and switches could be read, so that another one does not
     *     exist
     */
    NodeNames names(boolean isComplete, Map<String, SwitchDraft> switches) {
      return new NodeNames(nodes, copies, switches, isComplete, report);
    }

    /**
     * Whether there is a count that could not be read, or was misspelt: either has been reported.
     */
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
                "with these copies the topology has more than "
                    + Binder.MOST_OF_A_KIND
                    + " nodes"));
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
}
