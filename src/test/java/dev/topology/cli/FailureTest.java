package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.StopSignals.StoppedBySignal;
import dev.topology.run.node.RunException.LaunchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {

  @TempDir private Path directory;

  @Test
  void saysWhatAndBelowItTheRemedy() {
    LaunchException problem = new LaunchException("it is taken", "take\nanother", null);

    Failure failure = Failure.of(problem, new Place(directory).user());

    assertThat(failure)
        .isEqualTo(
            new Failure(
                ExitCode.UNFIT_HOST, Optional.of("topology: it is taken\n  take\n  another")));
  }

  @Test
  void putsTheTraceOfABugIntoAFile() throws Exception {
    Failure failure = Failure.of(new IllegalStateException("odd"), new Place(directory).user());

    assertThat(failure.code()).isEqualTo(ExitCode.BUG);
    String text = failure.text().orElseThrow();
    assertThat(text.lines()).hasSize(2);
    Path trace = Path.of(text.substring(text.lastIndexOf(' ') + 1));
    assertThat(trace).content().contains("IllegalStateException: odd", "at dev.topology");
    Files.delete(trace);
  }

  @Test
  void showsTheTraceOfABugToThoseWhoAsk() {
    Place place = new Place(directory).with("TOPOLOGY_DEBUG", "1");

    Failure failure = Failure.of(new IllegalStateException("odd"), place.user());

    assertThat(failure.text().orElseThrow()).contains("at dev.topology.cli.FailureTest");
  }

  @Test
  void aSignalNeedsNoWords() {
    StoppedBySignal problem = new StoppedBySignal(dev.topology.posix.Signal.TERM);

    assertThat(Failure.of(problem, new Place(directory).user()))
        .isEqualTo(new Failure(ExitCode.TERMINATED, Optional.empty()));
  }
}
