package dev.topology.cli;

import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.Preparation;
import dev.topology.launch.Selection;
import dev.topology.launch.UnknownNodeException;
import dev.topology.model.Topology;
import dev.topology.posix.Signal;
import dev.topology.run.TopologyOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology up}: a file becomes a running network, and then nothing again. */
final class UpVerb implements Verb {

  private static final String ONLY = "--only";
  private static final String NAME = "--name";
  private static final String TIMEOUT = "--timeout";
  private static final String QUIET = "--quiet";
  private static final String KEEP_LOGS = "--keep-logs";

  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  @Override
  public String command() {
    return "topology up";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this, "Brings a topology up, shows its consoles, and takes it down when it is done.")
        .file()
        .options(ONLY, "NODE", "Only this node, without cables to others. May be given again.")
        .option(NAME, "NAME", String.class, "Under another name, beside one that runs.")
        .option(TIMEOUT, "TIME", Duration.class, "Stop it if it is not over then: 90s, 5m, 1h.")
        .flag(QUIET + " -q", "Show nothing but what goes wrong.")
        .flag(KEEP_LOGS, "Keep the console logs, also when all went well.")
        .footer(
            "",
            "It is over when every node with a command has ended in success (see the",
            "reference of the file for the whole rule), and at the first failure.",
            "Ctrl-C stops it; a second Ctrl-C does so without waiting for anything.")
        .exits(
            ExitCode.DONE,
            ExitCode.NODE_FAILED,
            ExitCode.WRONG_USAGE,
            ExitCode.UNFIT_HOST,
            ExitCode.OUT_OF_TIME,
            ExitCode.HANGUP,
            ExitCode.INTERRUPTED,
            ExitCode.BROKEN_PIPE,
            ExitCode.TERMINATED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    Topology topology = wanted(invocation);
    try (StopSignals signals = StopSignals.interruptingThisThread()) {
      return carryOut(prepare(topology, invocation, signals), invocation, signals);
    }
  }

  private static Topology wanted(Invocation invocation)
      throws RejectedFileException, UnknownNodeException, UsageException {
    Topology topology = LoadedFile.of(invocation);
    List<String> only = invocation.options(ONLY);
    if (!only.isEmpty()) {
      topology = Selection.of(topology, only);
    }
    Optional<String> name = invocation.option(NAME);
    return name.isEmpty() ? topology : renamed(topology, name.get());
  }

  private static Topology renamed(Topology topology, String name) throws UsageException {
    if (!DNS_LABEL.matcher(name).matches()) {
      throw new UsageException(
          "\"" + name + "\" is not a name: use lower-case letters, digits and hyphens");
    }
    return new Topology(name, topology.nodes(), topology.cables());
  }

  private static Preparation prepare(Topology topology, Invocation invocation, StopSignals signals)
      throws Exception {
    try (BuildProgress progress =
        new BuildProgress(invocation.terminal(), BuildProgress.WHEN_MISSING)) {
      return new Launcher(invocation.surroundings()).prepare(topology, progress);
    } catch (InterruptedException e) {
      throw new StoppedBySignal(signals.received().orElseThrow(() -> e));
    }
  }

  private static ExitCode carryOut(
      Preparation preparation, Invocation invocation, StopSignals signals) throws Exception {
    boolean quiet = invocation.has(QUIET);
    try (RunDisplay display =
            new RunDisplay(preparation, invocation.file(), invocation.terminal(), quiet);
        Launch launch =
            new Launcher(invocation.surroundings()).start(preparation.plan(), display)) {
      signals.insteadDo(launch.topology()::stop);
      display.onLostReader(launch.topology()::stop);
      TopologyOutcome outcome = await(launch, invocation.option(TIMEOUT));
      if (!isFailure(outcome) && !invocation.has(KEEP_LOGS)) {
        launch.discardFiles();
      }
      return code(outcome, signals.received());
    }
  }

  private static TopologyOutcome await(Launch launch, Optional<Duration> limit)
      throws InterruptedException {
    return limit.isPresent()
        ? launch.topology().awaitOutcome(limit.get())
        : launch.topology().awaitOutcome();
  }

  private static boolean isFailure(TopologyOutcome outcome) {
    return outcome instanceof TopologyOutcome.Failed
        || outcome instanceof TopologyOutcome.OutOfTime
        || outcome instanceof TopologyOutcome.Unguarded;
  }

  private static ExitCode code(TopologyOutcome outcome, Optional<Signal> signal) {
    if (outcome instanceof TopologyOutcome.Done) {
      return ExitCode.DONE;
    }
    if (outcome instanceof TopologyOutcome.Failed) {
      return ExitCode.NODE_FAILED;
    }
    if (outcome instanceof TopologyOutcome.OutOfTime) {
      return ExitCode.OUT_OF_TIME;
    }
    if (outcome instanceof TopologyOutcome.Unguarded) {
      return ExitCode.UNFIT_HOST;
    }
    return signal.map(it -> new StoppedBySignal(it).code()).orElse(ExitCode.BROKEN_PIPE);
  }
}
