package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.BuildProgress;
import dev.topology.cli.report.InstanceText;
import dev.topology.cli.report.RunDisplay;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.control.ControlServer;
import dev.topology.control.Instances;
import dev.topology.control.Instances.Instance;
import dev.topology.control.RunEnding;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Checkpoints;
import dev.topology.launch.Checkpoints.Checkpoint;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.Selection;
import dev.topology.launch.Selection.UnknownNodeException;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner.PlanException;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology up}: a file becomes a running network, and then nothing again. */
final class UpVerb implements Verb {

  static final String ONLY = "--only";
  static final String NAME = "--name";
  static final String TIMEOUT = "--timeout";
  static final String QUIET = "--quiet";
  static final String BOOT = "--boot";
  static final String KEEP_LOGS = "--keep-logs";
  static final String RESTORE = "--restore";

  /** Of a supervisor that was started by {@code --detach}. */
  static final String DETACHED = "--detached";

  static final String DETACH = "--detach";

  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this, "Brings a topology up, shows its consoles, and takes it down when it is done.")
        .file()
        .flag(DETACH + " -d", "Return when every node is ready, and leave it running.")
        .options(ONLY, "NODE", "Only this node, without cables to others. May be given again.")
        .option(NAME, "NAME", String.class, "Under another name, beside one that runs.")
        .option(TIMEOUT, "TIME", Duration.class, "Stop it if it is not over then: 90s, 5m, 1h.")
        .option(
            DividedUp.ON,
            "WHERE",
            String.class,
            "agents:N: divided over N agents, for which it says how to start them.")
        .flag(QUIET + " -q", "Show nothing but what goes wrong.")
        .flag(BOOT, "Boot every node, rather than clone guests that were saved.")
        .flag(RESTORE, "Bring back a checkpoint, whose name or directory is given for FILE.")
        .flag(KEEP_LOGS, "Keep the console logs, also when all went well.")
        .hiddenFlag(DETACHED)
        .footer(
            "",
            "It is over at the first failure, and when every task has ended in success. The tasks",
            "are the nodes with a command; without any, every node. A node with \"on_exit: fail\" is",
            "a service, which is no task, and which fails when it ends.",
            "Ctrl-C stops it; a second Ctrl-C does so without waiting for anything.",
            "What was detached is shown by `topology ps` and ended by `topology down`; `topology",
            "wait` ends as its up would have, and `topology logs` shows what it printed, also when",
            "it is done already.")
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
  public void prepare() {
    TopologyLoader.prepare();
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    Wanted wanted = invocation.has(RESTORE) ? saved(invocation) : inFile(invocation);
    Topology topology = wanted.topology();
    try (StopSignals signals = StopSignals.listen()) {
      if (invocation.option(DividedUp.ON).isPresent()) {
        return new DividedUp(topology, invocation).carryOut(signals);
      }
      requireNotRunning(topology.name(), invocation);
      boolean boots = invocation.has(BOOT) || invocation.has(RESTORE);
      Preparation preparation = prepare(topology, boots, invocation, signals);
      return invocation.has(DETACH)
          ? new DetachedRun(preparation, invocation, signals).carryOut()
          : new ForegroundRun(wanted, preparation, invocation, signals).carryOut();
    }
  }

  /**
   * What is to be brought up.
   *
   * @param file that says so; absolute
   * @param checkpoint that is brought back, if one is
   */
  private record Wanted(Topology topology, Path file, Optional<Checkpoint> checkpoint) {

    LaunchPlan plan(Preparation preparation) throws PlanException {
      return checkpoint.isPresent() ? checkpoint.get().plan(preparation) : preparation.plan();
    }
  }

  private static Wanted inFile(Invocation invocation)
      throws Invocation.RejectedException, UnknownNodeException, UsageException {
    Topology topology = wanted(invocation.topology(), invocation);
    return new Wanted(
        named(topology, invocation),
        invocation.user().resolve(invocation.file()),
        Optional.empty());
  }

  private static Wanted saved(Invocation invocation) throws UsageException {
    if (!invocation.options(ONLY).isEmpty()) {
      throw new UsageException(RESTORE + " brings all nodes back, without " + ONLY);
    }
    if (invocation.has(BOOT)) {
      throw new UsageException(RESTORE + " brings nodes back as they were, and boots none");
    }
    Checkpoint checkpoint = new Checkpoints(invocation.user()).open(invocation.file().toString());
    Topology topology = named(checkpoint.topology(), invocation);
    return new Wanted(topology, checkpoint.file(), Optional.of(checkpoint));
  }

  private static Topology named(Topology topology, Invocation invocation) throws UsageException {
    Optional<String> name = invocation.option(NAME);
    return name.isEmpty() ? topology : renamed(topology, name.get());
  }

  /** The part of a topology that is wanted: all of it, or only some nodes. */
  static Topology wanted(Topology topology, Invocation invocation) throws UnknownNodeException {
    List<String> only = invocation.options(ONLY);
    return only.isEmpty() ? topology : Selection.of(topology, only);
  }

  private static Topology renamed(Topology topology, String name) throws UsageException {
    if (!DNS_LABEL.matcher(name).matches()) {
      throw new UsageException(
          "\"" + name + "\" is not a name: use lower-case letters, digits and hyphens");
    }
    return topology.named(name);
  }

  /** Checked before anything is prepared; the lock of the run directory decides in the end. */
  private static void requireNotRunning(String name, Invocation invocation) throws IOException {
    Instances instances = new Instances(invocation.user().runtime());
    instances.forgetOld();
    Optional<Instance> instance = instances.named(name);
    if (instance.filter(Instance::isRunning).isPresent()) {
      throw new LaunchException(
          "a topology named \""
              + name
              + "\" is already running: "
              + InstanceText.holder(instance.get()),
          "end it with `topology down " + name + "`, or run this one under another --name",
          null);
    }
  }

  /**
   * Gets ready what a topology needs, and shows what takes long.
   *
   * @param boots whether no guests are to be saved and cloned
   */
  static Preparation prepare(
      Topology topology, boolean boots, Invocation invocation, StopSignals signals)
      throws Exception {
    try (BuildProgress progress =
        new BuildProgress(invocation.terminal(), BuildProgress.WHEN_MISSING)) {
      return progress.during(
          signals,
          () -> {
            Launcher launcher = new Launcher(invocation.user());
            return boots
                ? launcher.prepare(topology, progress)
                : launcher.prepareClones(topology, progress);
          });
    }
  }

  /** A topology that runs as long as this command, which shows it and serves its control socket. */
  private static final class ForegroundRun {

    private final Wanted wanted;
    private final Preparation preparation;
    private final Invocation invocation;
    private final StopSignals signals;

    ForegroundRun(
        Wanted wanted, Preparation preparation, Invocation invocation, StopSignals signals) {
      this.wanted = wanted;
      this.preparation = preparation;
      this.invocation = invocation;
      this.signals = signals;
    }

    ExitCode carryOut() throws Exception {
      boolean quiet = invocation.has(UpVerb.QUIET);
      try (RunDisplay display = new RunDisplay(preparation, shown(), invocation.terminal(), quiet);
          Launch launch = Launch.start(wanted.plan(preparation), display)) {
        return code(attended(launch, display));
      }
    }

    /** The file as the user named it. */
    private Path shown() {
      return invocation.has(RESTORE) ? wanted.file() : invocation.file();
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

    /** Waits until it has ended, and serves its control socket meanwhile. */
    private RunEnding attend(Launch launch, RunDisplay display) throws Exception {
      ControlServer control = ControlServer.open(launch, wanted.file(), invocation.has(BOOT));
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

    /** The user of {@code up -d} has not yet seen that it is done, nor what it printed. */
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
}
