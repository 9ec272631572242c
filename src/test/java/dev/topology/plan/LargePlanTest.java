package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Topology;
import dev.topology.plan.Planner.PlanException;
import org.junit.jupiter.api.Test;

class LargePlanTest {

  @Test
  void growsByTheSameForEveryNode() throws PlanException {
    Topology small = Lab.line(100);
    Topology large = Lab.line(1_000);

    long smallSize = size(small);
    long largeSize = size(large);

    assertThat(largeSize).isBetween(smallSize * 10, smallSize * 11);
  }

  @Test
  void isTheSameEveryTime() throws PlanException {
    Topology topology = Lab.line(1_000);

    LaunchPlan one = Planner.plan(topology, Lab.host(), Lab.OPTIONS);
    LaunchPlan other = Planner.plan(topology, Lab.host(), Lab.OPTIONS);

    assertThat(Lab.text(one)).isEqualTo(Lab.text(other));
    assertThat(one).isEqualTo(other);
    assertThat(one.nodes().get(500).greeting()).isEqualTo(other.nodes().get(500).greeting());
  }

  @Test
  void plansTenThousandNodes() throws PlanException {
    LaunchPlan plan = Planner.plan(Lab.line(10_000), Lab.host(), Lab.OPTIONS);

    assertThat(plan.nodes()).hasSize(10_000);
    assertThat(plan.sockets()).hasSize(10_000 * 6 + 9_999);
    assertThat(plan.nodes().get(9_999).greeting()).hasSize(3 + 9_999);
  }

  private static int size(Topology topology) throws PlanException {
    return Lab.text(Planner.plan(topology, Lab.host(), Lab.OPTIONS)).length();
  }
}
