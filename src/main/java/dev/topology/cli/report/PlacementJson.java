package dev.topology.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.cluster.Placement;
import dev.topology.cluster.Placement.Machine;
import dev.topology.model.Memory;
import dev.topology.model.Node;

/** Which node goes on which machine, for programs to read. */
public final class PlacementJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PlacementJson() {}

  /** The machines with what is on each, and the cables between them. */
  public static String of(Placement placement) {
    ObjectNode json = JSON.objectNode().put("topology", placement.topology().name());
    ArrayNode machines = json.putArray("machines");
    placement.machines().forEach(it -> machines.add(machine(it)));
    ArrayNode cables = json.putArray("cablesBetweenMachines");
    placement
        .crossings()
        .forEach(
            it ->
                cables
                    .addObject()
                    .put("name", it.cable().name())
                    .put("left", it.left())
                    .put("right", it.right()));
    return json.toPrettyString();
  }

  private static ObjectNode machine(Machine machine) {
    ObjectNode json = JSON.objectNode().put("name", machine.name());
    json.put("memoryBytes", machine.memory().map(Memory::bytes).orElse(0L));
    json.put("cpus", machine.cpus());
    machine.nodes().stream().map(Node::name).forEach(json.putArray("nodes")::add);
    machine.switches().forEach(json.putArray("switches")::add);
    return json;
  }
}
