package dev.topology.cli.report;

import dev.topology.Golden;
import dev.topology.plan.Lab;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

class PlanJsonTest {

  private final LaunchPlan plan;

  PlanJsonTest() throws PlanException {
    plan = Planner.plan(Lab.pair(), Lab.host(), Lab.OPTIONS);
  }

  @Test
  void holdsAllOfAPlan() {
    StringJoiner pieces = new StringJoiner("\n", "", "\n");

    new PlanJson(plan).all(pieces::add);

    Golden.assertMatches("cli/pair.json", pieces.toString());
  }

  @Test
  void holdsWhatConcernsOneNodeAndWhatItsGuestIsTold() {
    Golden.assertMatches(
        "cli/pair-left.json", new PlanJson(plan).only(plan.nodes().get(0)).toPrettyString() + "\n");
  }
}
