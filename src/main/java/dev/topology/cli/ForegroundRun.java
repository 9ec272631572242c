package dev.topology.cli;

import dev.topology.cli.report.RunDisplay;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.control.ControlServer;
import dev.topology.control.RunEnding;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.Preparation;
import dev.topology.run.TopologyOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A topology that runs as long as this command does, which shows it and lets others reach it. */
final class ForegroundRun {

  private final Preparation preparation;
  private final Invocation invocation;
  private final StopSignals signals;

  ForegroundRun(Preparation preparation, Invocation invocation, StopSignals signals) {
    this.preparation = preparation;
    this.invocation = invocation;
    this.signals = signals;
  }

  ExitCode carryOut() throws Exception {
    boolean quiet = invocation.has(UpVerb.QUIET);
    try (RunDisplay display =
            new RunDisplay(preparation, invocation.file(), invocation.terminal(), quiet);
        Launch launch =
            new Launcher(invocation.surroundings()).start(preparation.plan(), display)) {
      return code(attended(launch, display));
    }
  }

  private RunEnding attended(Launch launch, RunDisplay display) throws Exception {
    boolean filesAreOfUse = invocation.has(UpVerb.KEEP_LOGS);
    try {
      RunEnding ending = attend(launch, display);
      filesAreOfUse |= isFailure(ending) || isUnseen(ending);
      return ending;
    } finally {
      if (!filesAreOfUse) {
        launch.discardFiles();
      }
    }
  }

  /** Stands by until it has ended, and lets others reach it meanwhile. */
  private RunEnding attend(Launch launch, RunDisplay display) throws Exception {
    Path file = invocation.surroundings().resolve(invocation.file());
    ControlServer control = ControlServer.open(launch, file);
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> launch.topology().crash(fault));
    try {
      signals.insteadDo(launch.topology()::stop);
      display.onLostReader(launch.topology()::stop);
      return RunEnding.of(await(launch));
    } finally {
      control.close();
    }
  }

  private TopologyOutcome await(Launch launch) throws InterruptedException {
    Optional<Duration> limit = invocation.option(UpVerb.TIMEOUT);
    return limit.isPresent()
        ? launch.topology().awaitOutcome(limit.get())
        : launch.topology().awaitOutcome();
  }

  private static boolean isFailure(RunEnding ending) {
    return ending.outcome() != RunEnding.How.DONE && ending.outcome() != RunEnding.How.STOPPED;
  }

  /** Who detached it has yet to learn that it is done, and what it printed. */
  private boolean isUnseen(RunEnding ending) {
    return invocation.has(UpVerb.DETACHED) && ending.outcome() == RunEnding.How.DONE;
  }

  private ExitCode code(RunEnding ending) {
    if (ending.outcome() != RunEnding.How.STOPPED) {
      return WaitVerb.code(ending);
    }
    boolean isRead = invocation.terminal().failure().isEmpty();
    return signals
        .received()
        .map(ExitCode::of)
        .orElse(isRead ? ExitCode.TERMINATED : ExitCode.BROKEN_PIPE);
  }
}
