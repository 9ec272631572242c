package dev.topology.graph;

import dev.topology.model.Cable;
import dev.topology.model.CableEnd;
import dev.topology.model.Endpoint;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.model.Shaping;
import dev.topology.model.ShapingSetting;
import dev.topology.model.Switch;
import dev.topology.model.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a picture of a topology shows.
 *
 * @param name the topology's
 * @param nodes in the order of the file, then the switches, then what is outside
 * @param cables in the order of the file
 * @param machines that the nodes are on; none if all are on one, or nobody asked
 */
public record NetworkGraph(
    String name, List<NodeBox> nodes, List<CableLine> cables, List<MachineBox> machines) {

  public NetworkGraph {
    nodes = List.copyOf(nodes);
    cables = List.copyOf(cables);
    machines = List.copyOf(machines);
  }

  /** Without machines. */
  public NetworkGraph(String name, List<NodeBox> nodes, List<CableLine> cables) {
    this(name, nodes, cables, List.of());
  }

  /** The same picture, with a box for each machine around what is on it. */
  public NetworkGraph on(List<MachineBox> others) {
    return new NetworkGraph(name, nodes, cables, others);
  }

  /** Those of the nodes that are on no machine. */
  List<NodeBox> nodesElsewhere() {
    Set<String> placed =
        machines.stream().flatMap(it -> it.nodes().stream()).collect(Collectors.toSet());
    return nodes.stream().filter(it -> !placed.contains(it.name())).toList();
  }

  /** Those of the nodes that are on a machine. */
  List<NodeBox> nodesOn(MachineBox machine) {
    Set<String> placed = Set.copyOf(machine.nodes());
    return nodes.stream().filter(it -> placed.contains(it.name())).toList();
  }

  /**
   * A machine.
   *
   * @param name that no other machine has
   * @param nodes the names of the nodes and switches on it
   */
  public record MachineBox(String name, List<String> nodes) {

    public MachineBox {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * A node, a switch, or what a cable leads to outside the topology.
   *
   * @param name the node's
   * @param kind which of them it is
   * @param condition its state, if the topology runs
   * @param details more about it, one line each
   */
  public record NodeBox(
      String name, Kind kind, Optional<Condition> condition, List<String> details) {

    /** What is drawn, which settles its shape. */
    public enum Kind {
      NODE,
      SWITCH,
      OUTSIDE
    }

    public NodeBox {
      details = List.copyOf(details);
    }

    /** A node. */
    public NodeBox(String name, Optional<Condition> condition, List<String> details) {
      this(name, Kind.NODE, condition, details);
    }

    /** A switch. */
    public static NodeBox ofSwitch(String name, List<String> details) {
      return new NodeBox(name, Kind.SWITCH, Optional.empty(), details);
    }

    /** What is outside the topology. */
    public static NodeBox ofOutside(String name) {
      return new NodeBox(name, Kind.OUTSIDE, Optional.empty(), List.of());
    }

    /** Its text: the name first. */
    List<String> lines() {
      return Stream.of(Stream.of(name), condition.map(Condition::word).stream(), details.stream())
          .flatMap(Function.identity())
          .toList();
    }
  }

  /** The state of a node in one word, and whether that is good. */
  public record Condition(String word, Health health) {}

  /** Good, bad, or neither yet. */
  public enum Health {
    WELL,
    WAITING,
    GONE,
    FAILED
  }

  /**
   * A cable.
   *
   * @param name the cable's
   * @param left one end
   * @param right the other
   * @param note what is special about it, such as {@code 20ms, 1% loss}; may be empty
   * @param isCut whether nothing passes
   */
  public record CableLine(String name, LineEnd left, LineEnd right, String note, boolean isCut) {

    /** What stands in the middle of its line; may be empty. */
    String middleText() {
      return isCut ? (note + " cut").strip() : note;
    }
  }

  /** Where a cable is plugged in. An end at a switch or outside has no interface, and no text. */
  public record LineEnd(String node, String interfaceName, List<String> addresses) {

    public LineEnd {
      addresses = List.copyOf(addresses);
    }

    /** Its text: the interface first. */
    List<String> lines() {
      return Stream.concat(Stream.of(interfaceName), addresses.stream())
          .filter(it -> !it.isEmpty())
          .toList();
    }

    static LineEnd of(CableEnd cableEnd) {
      if (!(cableEnd instanceof Endpoint end)) {
        return new LineEnd(cableEnd.owner(), "", List.of());
      }
      return new LineEnd(end.node(), end.interfaceName(), end.addressWords());
    }
  }

  /** A topology as its file describes it. */
  public static NetworkGraph of(Topology topology) {
    return new NetworkGraph(
        topology.name(),
        Stream.of(
                topology.nodes().stream()
                    .map(node -> new NodeBox(node.name(), Optional.empty(), ports(node))),
                topology.switches().stream().map(NetworkGraph::box),
                topology.cables().stream()
                    .flatMap(cable -> cable.outside().stream())
                    .map(it -> NodeBox.ofOutside(it.owner())))
            .flatMap(Function.identity())
            .toList(),
        topology.cables().stream().map(NetworkGraph::line).toList());
  }

  private static NodeBox box(Switch each) {
    return NodeBox.ofSwitch(
        each.name(), each.subnets().stream().map(InterfaceAddress::toString).toList());
  }

  private static CableLine line(Cable cable) {
    return new CableLine(
        cable.name(),
        LineEnd.of(cable.left()),
        LineEnd.of(cable.right()),
        cable.shaper().map(shaper -> note(shaper.shaping())).orElse(""),
        /* isCut= */ false);
  }

  /** What a shaper does, in a few words: {@code 20ms ±2ms, 1% loss, 10Mbit}. */
  private static String note(Shaping shaping) {
    String note =
        Stream.of(ShapingSetting.values())
            .flatMap(
                setting -> setting.textOf(shaping).map(it -> words(setting, it, shaping)).stream())
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(", "));
    return note.isEmpty() ? "shaped" : note;
  }

  private static String words(ShapingSetting setting, String value, Shaping shaping) {
    return switch (setting) {
      case DELAY -> value + ShapingSetting.JITTER.textOf(shaping).map(it -> " ±" + it).orElse("");
      case JITTER, QUEUE -> "";
      case DUPLICATE -> value + " twice";
      case REORDER -> value + " reordered";
      case RATE -> value;
      case LOSS, CORRUPT -> value + " " + setting.key();
    };
  }

  private static List<String> ports(Node node) {
    return node.ports().stream().map(NetworkGraph::describe).toList();
  }

  private static String describe(PortForward port) {
    String hostPort =
        port.hostPort().isPresent() ? String.valueOf(port.hostPort().getAsInt()) : "auto";
    String host =
        port.hostAddress().equals(IpAddress.LOOPBACK)
            ? "localhost"
            : port.hostAddress().beforePort();
    return host + ":" + hostPort + " → " + port.guestPort();
  }
}
