package dev.topology.launch;

import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.StandalonePlan;
import java.util.List;

/**
 * A topology and all that is needed to plan it.
 *
 * @param topology what is to be brought up
 * @param facts what was found out about this host
 * @param options where its files will be
 * @param missingImages names of guest images that have to be built before it can be brought up
 */
public record Preparation(
    Topology topology, HostFacts facts, PlanOptions options, List<String> missingImages) {

  public Preparation {
    missingImages = List.copyOf(missingImages);
  }

  /**
   * Everything that bringing it up does. Pure.
   *
   * @throws PlanException if an image it names is missing, or it asks for KVM in vain
   */
  public LaunchPlan plan() throws PlanException {
    return Planner.plan(topology, facts, options);
  }

  /** How one of its nodes is booted alone, by a shell. Pure. */
  public StandalonePlan standalone(Node node) throws PlanException {
    return Planner.standalone(topology, facts, options, node);
  }
}
