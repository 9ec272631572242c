package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.HOST_INTERFACE;
import static dev.topology.source.DiagnosticId.INTERFACE_TAKEN_TWICE;
import static dev.topology.source.DiagnosticId.SWITCH_END;
import static dev.topology.source.DiagnosticId.TOO_MANY_INTERFACES;

import dev.topology.language.load.Draft.CableDraft;
import dev.topology.language.load.Draft.CableDraft.EndDraft;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Draft.SwitchDraft;
import dev.topology.language.yaml.Report;
import dev.topology.model.CableEnd.Outside;
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
import java.util.stream.Stream;

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
  private final Map<String, SwitchDraft> switches;
  private final NodeNames names;
  private final Report report;
  private final Map<String, Map<String, Plug>> taken = new HashMap<>();
  private final Map<String, Integer> lastNumber = new HashMap<>();
  private final Map<String, Integer> named = new HashMap<>();

  Patchbay(Draft draft, Report report) {
    this.names = draft.names();
    this.nodes = draft.nodes();
    this.switches = draft.switches();
    this.report = report;
  }

  /** The cables with both ends on known nodes and switches, or outside. */
  List<PluggedCable> plug(List<CableDraft> cables) {
    cables.stream().flatMap(it -> it.ends().stream()).forEach(this::plugNamed);
    List<PluggedCable> plugged = new ArrayList<>();
    for (CableDraft cable : cables) {
      Optional<PluggedEnd> left = plug(cable.left());
      Optional<PluggedEnd> right = plug(cable.right());
      if (left.isPresent() && right.isPresent()) {
        plugged.add(named(new PluggedCable(cable, left.get(), right.get(), "")));
      }
    }
    nodes.values().forEach(this::checkCount);
    return plugged;
  }

  /** Its own name, or that of its ends: two cables between two switches are told apart. */
  private PluggedCable named(PluggedCable cable) {
    String name = cable.left() + "--" + cable.right();
    int number = cable.draft().name().isPresent() ? 1 : named.merge(name, 1, Integer::sum);
    return new PluggedCable(
        cable.draft(),
        cable.left(),
        cable.right(),
        cable.draft().name().orElse(number == 1 ? name : name + "-" + number));
  }

  private void plugNamed(EndDraft end) {
    Optional<String> name = end.node();
    if (name.isPresent() && isSwitch(name.get())) {
      checkSwitchEnd(end);
    } else if (name.isPresent()
        && !nodes.containsKey(name.get())
        && names.isOne(name.get(), ONE_NODE, PATTERNS, end.locate("node"))) {
      names.reportUnknown(name.get(), "cable", end.locate("node"));
    }
    node(end)
        .ifPresent(node -> end.interfaceName().ifPresent(it -> occupy(new Plug(end, node, it))));
  }

  private boolean isSwitch(String name) {
    return switches.containsKey(name) && !nodes.containsKey(name);
  }

  /** A switch has no interfaces; what an end at it says of one is meant for the other end. */
  private void checkSwitchEnd(EndDraft end) {
    for (String key : List.of("interface", "address", "mac", "mtu")) {
      if (end.tree().get(key).isPresent()) {
        report.add(
            Diagnostic.of(
                    SWITCH_END,
                    end.locate(key),
                    "switch "
                        + Quote.of(end.node().orElse(""))
                        + " has no interfaces, and its ends no "
                        + Quote.of(key))
                .hint("the other end of the cable can have one"));
      }
    }
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

  private Optional<PluggedEnd> plug(EndDraft end) {
    Optional<String> name = end.node();
    if (end.outside().isPresent()) {
      return Optional.of(new OutsidePlug(end, end.outside().get()));
    }
    if (name.isPresent() && isSwitch(name.get())) {
      return Optional.of(new SwitchPlug(end, name.get()));
    }
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

  /** Whether its machine has slots for all that is plugged into it. */
  private void checkCount(NodeDraft node) {
    List<Plug> plugs = List.copyOf(plugsOf(node).values());
    List<String> others = new ArrayList<>();
    if (node.hasHostNetwork()) {
      others.add("the host network");
    }
    int disks = node.isContainer() ? 2 : node.needsModules() ? 1 : 0;
    if (disks > 0) {
      others.add(disks == 2 ? "the two disks of a container" : "the disk of the kernel's modules");
    }
    int own = Math.min(node.disks().size(), Node.MAX_DISKS);
    if (own > 0) {
      others.add(own + (own == 1 ? " disk" : " disks"));
    }
    int shares = node.shares().size();
    if (shares > 0) {
      others.add(shares + (shares == 1 ? " share" : " shares"));
    }
    int roomForShares = Node.MAX_INTERFACES - disks - own - (node.hasHostNetwork() ? 1 : 0);
    int room = roomForShares - shares;
    if (plugs.size() > room) {
      report.add(
          Diagnostic.of(
                  TOO_MANY_INTERFACES,
                  room < 0 ? node.locateKey("shares") : plugs.get(room).location(),
                  "node "
                      + Quote.of(node.name())
                      + " has "
                      + (room < 0
                          ? shares + " shares, but room for " + roomForShares
                          : plugs.size() + " cable ends, but room for " + room))
              .hint(
                  "a microVM has room for "
                      + Node.MAX_INTERFACES
                      + " devices"
                      + (others.isEmpty() ? "" : ", among them " + String.join(", ", others))));
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
   * @param name its own, or that of its ends: {@code left:eth1--right:eth1}
   */
  record PluggedCable(CableDraft draft, PluggedEnd left, PluggedEnd right, String name) {

    /** Its ends that are plugged into nodes. */
    List<Plug> plugs() {
      return ends().filter(Plug.class::isInstance).map(Plug.class::cast).toList();
    }

    /** Its ends that are plugged into switches. */
    Stream<SwitchPlug> switches() {
      return ends().filter(SwitchPlug.class::isInstance).map(SwitchPlug.class::cast);
    }

    private Stream<PluggedEnd> ends() {
      return Stream.of(left, right);
    }
  }

  /** What a cable's end is plugged into. */
  sealed interface PluggedEnd permits Plug, SwitchPlug, OutsidePlug {

    /** As written. */
    EndDraft end();
  }

  /**
   * A cable's end at a switch.
   *
   * @param name the switch's
   */
  record SwitchPlug(EndDraft end, String name) implements PluggedEnd {

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A cable's end outside the topology.
   *
   * @param outside what it leads to
   */
  record OutsidePlug(EndDraft end, Outside outside) implements PluggedEnd {

    @Override
    public String toString() {
      return outside.toString();
    }
  }

  /**
   * A cable's end in the interface it is plugged into.
   *
   * @param end as written
   * @param node whose interface it is
   * @param interfaceName written or the next free one
   */
  record Plug(EndDraft end, NodeDraft node, String interfaceName) implements PluggedEnd {

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
