package dev.topology.cli.report;

import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.Palette;
import dev.topology.cli.terminal.Terminal;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Accelerator;
import dev.topology.model.Cable;
import dev.topology.model.CableEnd;
import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.KvmVerdict;
import dev.topology.run.RunEvent;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import dev.topology.text.HumanText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is said of a run as it goes on. */
public final class RunText {

  /** More cables than these are counted, not listed: they would push the rest off the screen. */
  private static final int CABLES_LISTED = 24;

  private static final int OPEN_LISTED = 3;

  private volatile Topology topology;
  private final HostFacts facts;
  private final Terminal terminal;
  private final NodeLines lines;

  public RunText(Preparation preparation, Terminal terminal, NodeLines lines) {
    this.topology = preparation.topology();
    this.facts = preparation.facts();
    this.terminal = terminal;
    this.lines = lines;
  }

  /** Speaks of another topology from now on, into which the run has been changed. */
  void become(Topology changed) {
    topology = changed;
  }

  /** {@code pair: 2 nodes, 1 cable, outside closed, tcg (KVM: …)}. */
  public String headline() {
    Map<String, Boolean> outside = new LinkedHashMap<>();
    topology
        .nodes()
        .forEach(it -> it.hostNetwork().ifPresent(net -> outside.put(it.name(), net.outside())));
    return topology.name()
        + ": "
        + ValidationText.size(topology)
        + outside(outside)
        + ", "
        + accelerator();
  }

  /**
   * Whether guests reach more than their ports and services: {@code , outside closed}, {@code ,
   * outside open to left}; nothing where none has a host network.
   *
   * @param nodes those that have one, and whether its outside is open
   */
  static String outside(Map<String, Boolean> nodes) {
    List<String> open = nodes.keySet().stream().filter(it -> nodes.get(it)).toList();
    if (open.isEmpty()) {
      return nodes.isEmpty() ? "" : ", outside closed";
    }
    return ", outside open to " + HumanText.list(open, OPEN_LISTED);
  }

  private String accelerator() {
    boolean emulated = topology.nodes().stream().anyMatch(this::isEmulated);
    boolean accelerated = topology.nodes().stream().anyMatch(node -> !isEmulated(node));
    String names = accelerated ? emulated ? "kvm and tcg" : "kvm" : "tcg";
    String reasons =
        topology.nodes().stream()
            .filter(node -> node.accelerator() == Accelerator.AUTO && isEmulated(node))
            .map(node -> kvm(node).reason())
            .distinct()
            .collect(Collectors.joining("; "));
    return reasons.isEmpty() ? names : names + " (KVM: " + reasons + ")";
  }

  private boolean isEmulated(Node node) {
    return node.accelerator() == Accelerator.TCG
        || (node.accelerator() == Accelerator.AUTO && !kvm(node).proven());
  }

  private KvmVerdict kvm(Node node) {
    return facts.of(node.architecture()).kvm();
  }

  /** The host ports of each node, and the cables; without an end of line. */
  String map(List<HostPort> hostPorts) {
    Stream<String> ports =
        topology.nodes().stream()
            .map(node -> ports(node, hostPorts))
            .filter(line -> !line.isEmpty());
    return Stream.concat(ports, cables()).collect(Collectors.joining("\n"));
  }

  private String ports(Node node, List<HostPort> hostPorts) {
    String ports =
        hostPorts.stream()
            .filter(port -> port.node().equals(node.name()))
            .map(this::port)
            .collect(Collectors.joining("   "));
    return ports.isEmpty() ? "" : "  " + lines.name(node.name()) + "   " + ports;
  }

  /** {@code localhost:41877 → 22}. */
  private String port(HostPort port) {
    boolean local = port.hostAddress().equals(IpAddress.LOOPBACK);
    String host = local ? "localhost" : port.hostAddress().beforePort();
    String protocol = port.protocol() == Protocol.UDP ? "/udp" : "";
    return host
        + ":"
        + port.hostPort()
        + " "
        + terminal.glyphs().arrow()
        + " "
        + port.guestPort()
        + protocol;
  }

  private Stream<String> cables() {
    List<Cable> cables = topology.cables();
    Stream<String> listed = cables.stream().limit(CABLES_LISTED).map(this::cable);
    int others = cables.size() - CABLES_LISTED;
    return others > 0
        ? Stream.concat(listed, Stream.of("  and " + HumanText.count(others, "other cable")))
        : listed;
  }

  /** {@code left:eth1 10.64.0.0/31 ── 10.64.0.1/31 right:eth1}. */
  private String cable(Cable cable) {
    String left = cable.left() + addresses(cable.left(), " ", "");
    String right = addresses(cable.right(), "", " ") + cable.right();
    return "  " + left + " " + terminal.glyphs().cable() + " " + right;
  }

  private static String addresses(CableEnd end, String before, String after) {
    String addresses = String.join(" ", end.addressWords());
    return addresses.isEmpty() ? "" : before + addresses + after;
  }

  /** {@code ready after 1.6 s}. */
  static String ready(RunEvent.NodeReady ready) {
    return "ready after " + HumanText.duration(ready.after());
  }

  /** {@code left done (exit 0) after 3.9 s}, of a node that did not fail. */
  String ended(RunEvent.NodeEnded ended) {
    Palette palette = terminal.palette();
    String after = " after " + HumanText.duration(ended.after());
    String name = lines.name(ended.node()) + "   ";
    if (ended.outcome() instanceof NodeOutcome.Rebooted) {
      return name + palette.warning("rebooted") + after;
    }
    return ended.outcome() instanceof NodeOutcome.Done
        ? name + palette.success("done") + exitStatus(ended.node()) + after
        : name + palette.faint("stopped");
  }

  private String exitStatus(String node) {
    return topology.node(node).flatMap(Node::command).isPresent() ? " (exit 0)" : "";
  }

  /** {@code pair: done in 4.1 s}. */
  String over(RunEvent.Over over) {
    String what = over.outcome() instanceof TopologyOutcome.Done ? "done in " : "stopped after ";
    return topology.name() + ": " + what + HumanText.duration(over.after());
  }

  String outOfTime(TopologyOutcome.OutOfTime outcome) {
    return topology.name()
        + ": not over after "
        + HumanText.duration(outcome.limit())
        + ", which is all the time it was given; every node was stopped";
  }

  String unguarded(TopologyOutcome.Unguarded outcome) {
    return topology.name() + ": " + outcome.reason() + " Every node was stopped.";
  }

  String warning(RunEvent.Warned warned, Palette palette) {
    return palette.warning("warning") + ": " + warned.node() + ": " + warned.message();
  }
}
