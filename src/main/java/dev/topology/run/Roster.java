package dev.topology.run;

import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodeProgress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The nodes of a run, each in the life it lives now. Changed by the coordinator's thread alone;
 * anyone may look.
 */
final class Roster {

  private final List<String> names;
  private final Fleet fleet;
  private final Map<String, NodeProgress> current = new ConcurrentHashMap<>();

  Roster(LaunchPlan plan, Fleet fleet) {
    this.names = plan.nodes().stream().map(NodePlan::name).toList();
    this.fleet = fleet;
    for (NodePlan node : plan.nodes()) {
      current.put(node.name(), new NodeProgress(node, fleet.portsOf(node.name())));
    }
  }

  /** The node of that name, which has to be one of the plan's. */
  NodeProgress of(String name) {
    return Objects.requireNonNull(current.get(name), name);
  }

  /** All of them, in the order of the file. */
  List<NodeProgress> all() {
    return names.stream().map(this::of).toList();
  }

  boolean all(Predicate<NodeProgress> condition) {
    return current.values().stream().allMatch(condition);
  }

  /** Gives a node another life, after the one that has ended. */
  NodeProgress renew(NodeProgress ended) {
    NodePorts ports = fleet.renew(ended.plan(), ended.hostPorts());
    NodeProgress next = ended.next(ports);
    // Which it gets again where it can; until its QEMU is up there is nothing better to say.
    next.lead(ended.hostPorts());
    current.put(next.name(), next);
    return next;
  }
}
