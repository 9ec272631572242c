package dev.topology.model;

import dev.topology.model.CableEnd.SwitchEnd;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network of nodes and the cables between them, complete and free of contradictions.
 *
 * @param name names the running instance on this host; a DNS label
 * @param nodes at least one, names unique, in the order of the file, which is the order everywhere
 * @param switches in the order of the file
 * @param cables in the order of the file; the ends of each are at nodes and switches of this
 *     topology; one may be outside it
 * @param placement how it is divided over several machines
 * @param tests what is asserted about the network, names unique, in the order of the file
 */
public record Topology(
    String name,
    List<Node> nodes,
    List<Switch> switches,
    List<Cable> cables,
    PlacementRules placement,
    List<TestCase> tests) {

  public Topology {
    nodes = List.copyOf(nodes);
    switches = List.copyOf(switches);
    cables = List.copyOf(cables);
    tests = List.copyOf(tests);
  }

  /** Without rules for its placement, and without tests. */
  public Topology(String name, List<Node> nodes, List<Switch> switches, List<Cable> cables) {
    this(name, nodes, switches, cables, PlacementRules.NONE, List.of());
  }

  /** The same topology under another name. */
  public Topology named(String other) {
    return new Topology(other, nodes, switches, cables, placement, tests);
  }

  /** The node of that name, if there is one. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** The cables plugged into the node of that name, in their order. */
  public List<Cable> cablesOf(String node) {
    return cables.stream().filter(cable -> cable.isAt(node)).toList();
  }

  /**
   * The cable ends plugged into each node that has some, by its name, in the order of the cables; a
   * cable from a node to itself gives both its ends. Host interfaces are not among them.
   */
  public Map<String, List<Endpoint>> endpointsByNode() {
    return ends().collect(Collectors.groupingBy(Endpoint::node));
  }

  /**
   * The interfaces that reach each other without a router, in the order of the cables: those at the
   * two ends of a cable between nodes, and all those at switches that are cabled to each other.
   */
  public List<List<Endpoint>> segments() {
    Segments joined = Segments.of(cables);
    Map<Object, List<Endpoint>> segments = new LinkedHashMap<>();
    for (Cable cable : cables) {
      Object segment = joined.of(cable).<Object>map(it -> it).orElse(segments.size());
      segments.computeIfAbsent(segment, it -> new ArrayList<>()).addAll(cable.endpoints());
    }
    return List.copyOf(segments.values());
  }

  private Stream<Endpoint> ends() {
    return cables.stream().flatMap(cable -> cable.endpoints().stream());
  }

  /** Which switches are one Ethernet segment, as cables join them. Built by one thread. */
  public static final class Segments {

    private final Map<String, String> parents = new HashMap<>();

    /** No two switches are joined. */
    public Segments() {}

    static Segments of(List<Cable> cables) {
      Segments segments = new Segments();
      for (Cable cable : cables) {
        if (cable.left() instanceof SwitchEnd left && cable.right() instanceof SwitchEnd right) {
          segments.join(left.owner(), right.owner());
        }
      }
      return segments;
    }

    /**
     * Joins two switches.
     *
     * @return whether they were apart before: otherwise there is a loop now
     */
    public boolean join(String left, String right) {
      String one = of(left);
      String other = of(right);
      parents.put(other, one);
      return !one.equals(other);
    }

    /** The switch that stands for a switch and all that it is joined with. */
    public String of(String name) {
      String root = name;
      while (!Objects.equals(parents.getOrDefault(root, root), root)) {
        root = Objects.requireNonNull(parents.get(root));
      }
      parents.put(name, root);
      return root;
    }

    /** That of a cable with an end at a switch. */
    Optional<String> of(Cable cable) {
      return cable.ends().stream()
          .filter(SwitchEnd.class::isInstance)
          .map(it -> of(it.owner()))
          .findFirst();
    }
  }

  /** Those of its nodes. */
  public Set<Architecture> architectures() {
    return nodes.stream()
        .map(Node::architecture)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Architecture.class)));
  }
}
