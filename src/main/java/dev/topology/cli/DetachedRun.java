package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.report.InstanceText;
import dev.topology.cli.report.RemoteProgress;
import dev.topology.cli.report.RunText;
import dev.topology.cli.report.SupervisorLog;
import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.StatusLine;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cli.terminal.Terminal;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Signal;
import dev.topology.posix.Spawn;
import dev.topology.run.node.LaunchException;
import dev.topology.text.HumanText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A topology that is brought up by a process of its own, its supervisor, and runs on when this
 * command returns: when every node is ready. If it fails before, this command does, as if it had
 * run it itself.
 *
 * <p>The supervisor is another {@code up}, without {@code --detach}: there is one way to run a
 * topology. What it has to say goes to a log in the run directory, and is repeated here.
 */
final class DetachedRun {

  /** How often to see whether the supervisor listens yet. */
  private static final long TICK_MILLIS = 20;

  private final Preparation preparation;
  private final Invocation invocation;
  private final StopSignals signals;
  private final Topology topology;
  private final Path directory;
  private final long began = System.nanoTime();

  DetachedRun(Preparation preparation, Invocation invocation, StopSignals signals) {
    this.preparation = preparation;
    this.invocation = invocation;
    this.signals = signals;
    this.topology = preparation.topology();
    this.directory = new Launcher(invocation.user()).runDirectory(topology);
  }

  ExitCode carryOut() throws Exception {
    SupervisorLog log = SupervisorLog.at(new Launcher(invocation.user()).supervisorLog(topology));
    // An error in the plan is reported here, where there is a terminal.
    preparation.plan();
    tell(headline());
    ChildProcess supervisor = start(log);
    boolean running = false;
    try {
      signals.insteadDo(() -> supervisor.signal(Signal.TERM));
      boolean ready = awaitReady(supervisor);
      if (ready) {
        // From here on a signal ends this command only; the topology runs on.
        signals.insteadDo(() -> {});
        running = true;
      }
      log.news().ifPresent(invocation::printError);
      return running ? ExitCode.DONE : end(supervisor, log);
    } finally {
      if (!running) {
        supervisor.signal(Signal.TERM);
      }
    }
  }

  private ChildProcess start(SupervisorLog log) throws IOException {
    return SupervisorProcess.start(arguments(), invocation.user().environment(), log.file());
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("up", UpVerb.DETACHED, UpVerb.QUIET));
    arguments.addAll(List.of(UpVerb.NAME, topology.name()));
    invocation.options(UpVerb.ONLY).forEach(node -> arguments.addAll(List.of(UpVerb.ONLY, node)));
    invocation
        .<Duration>option(UpVerb.TIMEOUT)
        .ifPresent(limit -> arguments.addAll(List.of(UpVerb.TIMEOUT, limit.toMillis() + "ms")));
    if (invocation.has(UpVerb.KEEP_LOGS)) {
      arguments.add(UpVerb.KEEP_LOGS);
    }
    arguments.add(invocation.user().resolve(invocation.file()).toString());
    return arguments;
  }

  private String headline() {
    Terminal terminal = invocation.terminal();
    return new RunText(preparation, terminal, new NodeLines(terminal, nodes())).headline();
  }

  private void tell(String something) {
    if (!invocation.has(UpVerb.QUIET) && !something.isEmpty()) {
      invocation.print(something);
    }
  }

  /** Whether every node has become ready; if not, the supervisor has ended or is about to. */
  private boolean awaitReady(ChildProcess supervisor)
      throws InterruptedException, ControlException, ExecutionException {
    Optional<ControlClient> connected = connect(supervisor);
    if (connected.isEmpty()) {
      return false;
    }
    try (ControlClient client = connected.get()) {
      awaitReady(client);
      tellReady(client.call(new Request.Status()));
      return true;
    } catch (ControlException e) {
      if (e.id() == ErrorId.RUN_ENDED || e.id() == ErrorId.LOST || e.id() == ErrorId.NODE_ENDED) {
        return false;
      }
      throw e;
    }
  }

  private void awaitReady(ControlClient client) throws ControlException {
    try (RemoteProgress progress =
        new RemoteProgress(directory, new StatusLine(invocation.terminal(), nodes()))) {
      progress.begin();
      client.call(new Request.AwaitReady());
    }
  }

  private List<String> nodes() {
    return topology.nodes().stream().map(Node::name).toList();
  }

  private void tellReady(TopologyStatus status) {
    tell(new InstanceText(invocation.terminal().glyphs()).ports(status));
    String after = HumanText.duration(Duration.ofNanos(System.nanoTime() - began));
    tell(
        topology.name()
            + ": ready after "
            + after
            + ", and runs on as process "
            + status.pid()
            + ends());
  }

  /** What can be done about its end; one with tasks ends by itself. */
  private String ends() {
    boolean hasTasks = topology.nodes().stream().anyMatch(node -> node.command().isPresent());
    String ends = "`topology down " + topology.name() + "` ends it";
    return hasTasks
        ? " until it is done\n  `topology wait " + topology.name() + "` tells how, " + ends
        : "; " + ends;
  }

  /** Nothing if the supervisor ended before it listened. */
  private Optional<ControlClient> connect(ChildProcess supervisor)
      throws InterruptedException, ControlException, ExecutionException {
    while (!hasEnded(supervisor)) {
      Optional<ControlClient> client = ControlClient.connect(directory);
      if (client.isPresent() && client.get().pid() == supervisor.pid()) {
        return client;
      }
      client.ifPresent(ControlClient::close);
    }
    return Optional.empty();
  }

  private static boolean hasEnded(ChildProcess supervisor)
      throws InterruptedException, ExecutionException {
    try {
      supervisor.exit().get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private ExitCode end(ChildProcess supervisor, SupervisorLog log) throws Exception {
    ExitStatus status = supervisor.exit().get();
    log.news().ifPresent(invocation::printError);
    boolean isSilent = log.isSilent();
    log.removeUnlessKept();
    if (signals.received().isPresent()) {
      return ExitCode.of(signals.received().get());
    }
    if (status instanceof ExitStatus.Exited exited) {
      if (exited.code() == ExitCode.DONE.status()) {
        tell(topology.name() + ": done");
      } else if (isSilent) {
        throw new LaunchException(
            topology.name() + " could not be started, nor the reason be written to " + log.file(),
            "make room in that file system, or see the reason with `topology up` without --detach",
            null);
      }
      return ExitCode.of(exited.code());
    }
    throw new LaunchException(
        "the supervisor of " + topology.name() + " ended with " + status.description(),
        "see who killed it; nothing of it is left",
        null);
  }

  /** Another process of this program, in its own session, that outlives this one. */
  private static final class SupervisorProcess {

    private SupervisorProcess() {}

    /**
     * Starts it, in the root directory, so that it keeps no file system from being unmounted.
     *
     * @param arguments of the program
     * @param log takes what it prints
     */
    static ChildProcess start(List<String> arguments, Map<String, String> environment, Path log)
        throws IOException {
      List<String> command = new ArrayList<>(javaOptions());
      command.add("-cp");
      command.add(classPath());
      command.add(Main.class.getName());
      command.addAll(arguments);
      Map<String, String> its = new HashMap<>(environment);
      // As the launcher set it; the JVM's options carry the user's locale.
      Optional.ofNullable(System.getenv("LC_ALL")).ifPresent(locale -> its.put("LC_ALL", locale));
      return Spawn.of(Path.of(System.getProperty("java.home"), "bin", "java"))
          .named("supervisor")
          .arguments(command)
          .environment(its)
          .directory(Path.of("/"))
          .appendOutput(log)
          .inOwnSession()
          .start();
    }

    /** Absolute: the other process is in another directory. */
    private static String classPath() {
      return Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
          .map(entry -> Path.of(entry).toAbsolutePath().toString())
          .collect(Collectors.joining(File.pathSeparator));
    }

    /** What this JVM was told: they come first on its command line. */
    private static List<String> javaOptions() throws IOException {
      String line = Files.readString(Path.of("/proc/self/cmdline"), UTF_8);
      return Arrays.stream(line.split("\0"))
          .skip(1)
          .takeWhile(
              word -> word.startsWith("-X") || word.startsWith("-D") || word.startsWith("--"))
          .toList();
    }
  }
}
