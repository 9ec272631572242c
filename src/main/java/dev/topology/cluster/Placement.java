package dev.topology.cluster;

import dev.topology.model.Cable;
import dev.topology.model.CableEnd;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which node and which switch of a topology goes on which machine.
 *
 * @param topology all of it
 * @param machines at least one; the first has the first node of the file, and so on
 */
public record Placement(Topology topology, List<Machine> machines) {

  public Placement {
    machines = List.copyOf(machines);
  }

  /**
   * What goes on one machine.
   *
   * @param name of the machine, as long as it is not known which it is: {@code m1}
   * @param nodes in the order of the file; none where only a switch is there
   * @param switches their names, in the order of the file
   */
  public record Machine(String name, List<Node> nodes, List<String> switches) {

    public Machine {
      nodes = List.copyOf(nodes);
      switches = List.copyOf(switches);
    }

    /** The names of all that is there. */
    public List<String> names() {
      return Stream.concat(nodes.stream().map(Node::name), switches.stream()).toList();
    }

    /** What the guests have together; empty if there is none. */
    public Optional<Memory> memory() {
      long bytes = nodes.stream().mapToLong(it -> it.memory().bytes()).sum();
      return bytes == 0 ? Optional.empty() : Optional.of(new Memory(bytes));
    }

    /** How many processors the guests have together. */
    public int cpus() {
      return nodes.stream().mapToInt(Node::cpus).sum();
    }
  }

  /**
   * A cable between two machines.
   *
   * @param left the machine of its left end
   * @param right that of its right end
   */
  public record Crossing(Cable cable, String left, String right) {

    /** Whether it leads to a machine. */
    public boolean isAt(Machine machine) {
      return left.equals(machine.name()) || right.equals(machine.name());
    }
  }

  /** The cables between machines, in the order of the file. */
  public List<Crossing> crossings() {
    Map<String, String> machineOf = new LinkedHashMap<>();
    machines.forEach(it -> it.names().forEach(name -> machineOf.put(name, it.name())));
    return topology.cables().stream()
        .filter(it -> it.outside().isEmpty())
        .map(it -> new Crossing(it, at(it.left(), machineOf), at(it.right(), machineOf)))
        .filter(it -> !it.left().equals(it.right()))
        .toList();
  }

  private static String at(CableEnd end, Map<String, String> machineOf) {
    return machineOf.getOrDefault(end.owner(), "");
  }
}
