package dev.topology.launch;

import dev.topology.model.Cable;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A part of a topology: some of its nodes and the cables among them.
 *
 * <p>A cable with an end at a node that is left out is left out as well; the interfaces that remain
 * keep their names and addresses.
 */
public final class Selection {

  private Selection() {}

  /**
   * The part of a topology that these nodes make up.
   *
   * @throws UnknownNodeException if it has no node of one of the names
   */
  public static Topology of(Topology topology, Collection<String> names)
      throws UnknownNodeException {
    for (String name : names) {
      if (topology.node(name).isEmpty()) {
        throw new UnknownNodeException(name, topology);
      }
    }
    Set<String> kept = new LinkedHashSet<>(names);
    return new Topology(
        topology.name(),
        topology.nodes().stream()
            .filter(node -> kept.contains(node.name()))
            .map(node -> withoutOthers(node, kept))
            .toList(),
        topology.switches(),
        topology.cables().stream().filter(cable -> joins(cable, kept)).toList(),
        topology.placement(),
        List.of());
  }

  private static boolean joins(Cable cable, Set<String> kept) {
    return cable.endpoints().stream().allMatch(end -> kept.contains(end.node()));
  }

  private static Node withoutOthers(Node node, Set<String> kept) {
    List<String> dependsOn = node.dependsOn().stream().filter(kept::contains).toList();
    return node.dependingOn(dependsOn);
  }

  /** Somebody asked for a node that a topology does not have. */
  public static final class UnknownNodeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final transient List<String> known;

    UnknownNodeException(String name, Topology topology) {
      super("\"" + topology.name() + "\" has no node \"" + name + "\"");
      this.name = name;
      this.known = topology.nodes().stream().map(Node::name).toList();
    }

    /** The name that was asked for. */
    public String name() {
      return name;
    }

    /** The names there are, in the order of the file. */
    public List<String> known() {
      return known;
    }
  }
}
