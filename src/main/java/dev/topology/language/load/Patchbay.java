package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.HOST_INTERFACE;
import static dev.topology.source.DiagnosticId.INTERFACE_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.TOO_MANY_INTERFACES;

import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.yaml.Report;
import dev.topology.model.Node;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives each cable end its interface: first those that name one, so that they get it; then the
 * others, in the order of the file, the next free {@code ethN} of its node. Counting starts at
 * {@code eth1} with and without the host network, so that switching that on or off renames no
 * interface.
 */
final class Patchbay {

  private static final String ONE_NODE = "the end of a cable is one node";
  private static final String PATTERNS = "several take a line, ring, mesh or star of cables";
  private static final String HOST_INTERFACE_NAME = "eth0";

  private final Map<String, NodeDraft> nodes;
  private final NodeNames names;
  private final Report report;
  private final Map<String, Map<String, Plug>> taken = new HashMap<>();
  private final Map<String, Integer> lastNumber = new HashMap<>();

  Patchbay(Draft draft, Report report) {
    this.names = draft.names();
    this.nodes = draft.nodes();
    this.report = report;
  }

  /** The cables with both ends on known nodes. */
  List<PluggedCable> plug(List<CableDraft> cables) {
    cables.stream().flatMap(it -> it.ends().stream()).forEach(this::plugNamed);
    List<PluggedCable> plugged = new ArrayList<>();
    for (CableDraft cable : cables) {
      Optional<Plug> left = plug(cable.left());
      Optional<Plug> right = plug(cable.right());
      if (left.isPresent() && right.isPresent()) {
        plugged.add(new PluggedCable(cable, left.get(), right.get()));
      }
    }
    nodes.values().forEach(this::checkCount);
    return plugged;
  }

  private void plugNamed(EndDraft end) {
    Optional<String> name = end.node();
    if (name.isPresent()
        && !nodes.containsKey(name.get())
        && names.isOne(name.get(), ONE_NODE, PATTERNS, end.locate("node"))) {
      names.reportUnknown(name.get(), "cable", end.locate("node"));
    }
    node(end)
        .ifPresent(node -> end.interfaceName().ifPresent(it -> occupy(new Plug(end, node, it))));
  }

  private void occupy(Plug plug) {
    if (plug.interfaceName().equals(HOST_INTERFACE_NAME) && plug.node().surelyHasHostNetwork()) {
      report.add(
          Diagnostic.of(
                  HOST_INTERFACE,
                  plug.location(),
                  "the interface " + Quote.of(plug.toString()) + " belongs to the host network")
              .hint("cables start at eth1, unless the node says \"host_network: false\""));
    }
    Plug first = plugsOf(plug.node()).putIfAbsent(plug.interfaceName(), plug);
    if (first != null) {
      report.add(
          Diagnostic.of(
                  INTERFACE_TAKEN_TWICE,
                  plug.location(),
                  "a cable is plugged into " + Quote.of(plug.toString()) + " already")
              .related("first given here:", first.location()));
    }
  }

  private Optional<Plug> plug(EndDraft end) {
    return node(end)
        .map(
            node ->
                end.interfaceName()
                    .map(it -> new Plug(end, node, it))
                    .orElseGet(() -> plugNext(end, node)));
  }

  private Plug plugNext(EndDraft end, NodeDraft node) {
    Map<String, Plug> plugs = plugsOf(node);
    int number = lastNumber.getOrDefault(node.name(), 0);
    do {
      number++;
    } while (plugs.containsKey("eth" + number));
    lastNumber.put(node.name(), number);
    Plug plug = new Plug(end, node, "eth" + number);
    plugs.put(plug.interfaceName(), plug);
    return plug;
  }

  private void checkCount(NodeDraft node) {
    List<Plug> plugs = List.copyOf(plugsOf(node).values());
    int room = Node.MAX_INTERFACES - (node.hasHostNetwork() ? 1 : 0);
    if (plugs.size() > room) {
      report.add(
          Diagnostic.of(
                  TOO_MANY_INTERFACES,
                  plugs.get(room).location(),
                  "node "
                      + Quote.of(node.name())
                      + " has "
                      + plugs.size()
                      + " cable ends, but room for "
                      + room)
              .hint(
                  node.hasHostNetwork()
                      ? "a microVM has "
                          + Node.MAX_INTERFACES
                          + " interfaces, one of them for the host network"
                      : "a microVM has " + Node.MAX_INTERFACES + " interfaces"));
    }
  }

  private Optional<NodeDraft> node(EndDraft end) {
    return end.node().flatMap(it -> Optional.ofNullable(nodes.get(it)));
  }

  private Map<String, Plug> plugsOf(NodeDraft node) {
    return taken.computeIfAbsent(node.name(), it -> new LinkedHashMap<>());
  }

  /**
   * A cable with both its ends plugged in.
   *
   * @param draft as written
   * @param left the end named first
   * @param right the end named second
   */
  record PluggedCable(CableDraft draft, Plug left, Plug right) {

    /** Its own name, or that of its ends: {@code left:eth1--right:eth1}. */
    String name() {
      return draft.name().orElse(left + "--" + right);
    }

    List<Plug> plugs() {
      return List.of(left, right);
    }
  }

  /**
   * A cable's end in the interface it is plugged into.
   *
   * @param end as written
   * @param node whose interface it is
   * @param interfaceName written or the next free one
   */
  record Plug(EndDraft end, NodeDraft node, String interfaceName) {

    /** Where the interface is named, or else the node. */
    Location location() {
      return end.interfaceName().isPresent() ? end.locate("interface") : end.locate("node");
    }

    @Override
    public String toString() {
      return node.name() + ":" + interfaceName;
    }
  }
}
