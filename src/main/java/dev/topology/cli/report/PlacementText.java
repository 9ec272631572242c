package dev.topology.cli.report;

import dev.topology.cli.terminal.Table;
import dev.topology.cluster.Placement;
import dev.topology.cluster.Placement.Crossing;
import dev.topology.cluster.Placement.Machine;
import dev.topology.model.Node;
import dev.topology.text.HumanText;
import java.util.ArrayList;
import java.util.List;

/** Which node goes on which machine, for people to read. */
public final class PlacementText {

  private PlacementText() {}

  /** The machines, then what is on each, then the cables between them. */
  public static String of(Placement placement) {
    List<Crossing> crossings = placement.crossings();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %s on %s, %d of %s between machines\n\n"
            .formatted(
                placement.topology().name(),
                HumanText.count(placement.topology().nodes().size(), "node"),
                HumanText.count(placement.machines().size(), "machine"),
                crossings.size(),
                HumanText.count(placement.topology().cables().size(), "cable")));
    text.append(machines(placement, crossings)).append('\n').append(nodes(placement));
    if (!crossings.isEmpty()) {
      text.append('\n').append(cables(crossings));
    }
    return text.toString();
  }

  private static Table machines(Placement placement, List<Crossing> crossings) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("machine", "nodes", "memory", "cpus", "cables to others"));
    for (Machine machine : placement.machines()) {
      long cables = crossings.stream().filter(it -> it.isAt(machine)).count();
      rows.add(
          List.of(
              machine.name(),
              String.valueOf(machine.nodes().size()),
              machine.memory().map(Object::toString).orElse("-"),
              String.valueOf(machine.cpus()),
              String.valueOf(cables)));
    }
    return new Table(rows);
  }

  private static Table nodes(Placement placement) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "machine", "memory", "cpus"));
    for (Machine machine : placement.machines()) {
      for (Node node : machine.nodes()) {
        rows.add(
            List.of(
                node.name(),
                machine.name(),
                node.memory().toString(),
                String.valueOf(node.cpus())));
      }
      machine
          .switches()
          .forEach(it -> rows.add(List.of(it + " (switch)", machine.name(), "-", "-")));
    }
    return new Table(rows);
  }

  private static Table cables(List<Crossing> crossings) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("cable between machines", "from", "to"));
    crossings.forEach(it -> rows.add(List.of(it.cable().name(), it.left(), it.right())));
    return new Table(rows);
  }
}
