package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.WithTopology;
import dev.topology.run.FailureReport;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import org.junit.jupiter.api.Test;

/** A node that is meant to fail. Without {@code awaitReady = false}, its failure fails the test. */
class FailingNodeTest {

  @Test
  @WithTopology(value = "topologies/failure.yaml", awaitReady = false)
  void aFailedCommandIsReported(RunningTopology topology) throws Exception {
    TopologyOutcome outcome = topology.awaitOutcome();

    assertThat(outcome).isInstanceOf(TopologyOutcome.Failed.class);
    FailureReport report = ((TopologyOutcome.Failed) outcome).report();
    assertThat(report.node()).isEqualTo("broken");
    assertThat(report.cause()).isEqualTo(new FailureCause.CommandFailed(3));
    assertThat(report.consoleTail()).contains("about to fail");
  }
}
