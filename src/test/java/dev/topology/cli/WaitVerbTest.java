package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.console.GuestText;
import dev.topology.control.RunEnding;
import dev.topology.run.FailureReport;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which status a run ends where a node's QEMU did not start. */
class WaitVerbTest {

  @ParameterizedTest
  @CsvSource({"true, UNFIT_HOST", "false, NODE_FAILED"})
  void aQemuThatTheHostDoesNotSpawnIsNoFaultOfTheNode(boolean hostRefused, ExitCode code) {
    FailureReport report =
        new FailureReport(
            "a",
            new FailureCause.CouldNotStart("cannot run qemu", Optional.empty(), hostRefused),
            Duration.ZERO,
            List.of(),
            List.of(),
            GuestText.lines(""),
            Path.of("/run/a.console"),
            List.of("qemu"));

    RunEnding ending = RunEnding.of(new TopologyOutcome.Failed(report));

    assertThat(WaitVerb.code(ending)).isEqualTo(code);
    assertThat(ending.text()).startsWith("a failed: it could not be started: cannot run qemu");
  }
}
