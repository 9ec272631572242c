package dev.topology.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.cli.report.InstanceText;
import dev.topology.cli.report.RunText;
import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.StatusLine;
import dev.topology.cli.terminal.StatusLine.NodePhase;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cli.terminal.Terminal;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Event;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus;
import dev.topology.launch.Checkpoints;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Signal;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

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
    Path log = new Launcher(invocation.user()).supervisorLog(topology);
    // An error in the plan is reported here, where there is a terminal.
    preparation.plan();
    tell(headline());
    SupervisorProcess supervisor =
        SupervisorProcess.start(arguments(), invocation.user().environment(), log);
    boolean running = false;
    try {
      signals.insteadDo(() -> supervisor.child().signal(Signal.TERM));
      boolean ready = awaitReady(supervisor);
      if (ready) {
        // From here on a signal ends this command only; the topology runs on.
        signals.insteadDo(() -> {});
        running = true;
      }
      supervisor.news().ifPresent(invocation::printError);
      return running ? ExitCode.DONE : end(supervisor);
    } finally {
      if (!running) {
        supervisor.child().signal(Signal.TERM);
      }
    }
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("up", UpVerb.DETACHED, UpVerb.QUIET));
    arguments.addAll(List.of(UpVerb.NAME, topology.name()));
    invocation.options(UpVerb.ONLY).forEach(node -> arguments.addAll(List.of(UpVerb.ONLY, node)));
    invocation
        .<Duration>option(UpVerb.TIMEOUT)
        .ifPresent(limit -> arguments.addAll(List.of(UpVerb.TIMEOUT, limit.toMillis() + "ms")));
    Stream.of(UpVerb.KEEP_LOGS, UpVerb.BOOT).filter(invocation::has).forEach(arguments::add);
    if (invocation.has(UpVerb.RESTORE)) {
      arguments.add(UpVerb.RESTORE);
    }
    arguments.add(what());
    return arguments;
  }

  /** What is brought up, so that it can be found from any directory. */
  private String what() {
    String named = invocation.file().toString();
    return invocation.has(UpVerb.RESTORE) && Checkpoints.isName(named)
        ? named
        : invocation.user().resolve(invocation.file()).toString();
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
  private boolean awaitReady(SupervisorProcess supervisor)
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
  private Optional<ControlClient> connect(SupervisorProcess supervisor)
      throws InterruptedException, ControlException, ExecutionException {
    while (!hasEnded(supervisor)) {
      Optional<ControlClient> client = ControlClient.connect(directory);
      if (client.isPresent() && client.get().pid() == supervisor.child().pid()) {
        return client;
      }
      client.ifPresent(ControlClient::close);
    }
    return Optional.empty();
  }

  private static boolean hasEnded(SupervisorProcess supervisor)
      throws InterruptedException, ExecutionException {
    try {
      supervisor.child().exit().get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private ExitCode end(SupervisorProcess supervisor) throws Exception {
    ExitStatus status = supervisor.child().exit().get();
    supervisor.news().ifPresent(invocation::printError);
    boolean isSilent = supervisor.isSilent();
    supervisor.removeUnlessKept();
    if (signals.received().isPresent()) {
      return ExitCode.of(signals.received().get());
    }
    if (status instanceof ExitStatus.Exited exited) {
      if (exited.code() == ExitCode.DONE.status()) {
        tell(topology.name() + ": done");
      } else if (isSilent) {
        throw new LaunchException(
            topology.name()
                + " could not be started, nor the reason be written to "
                + supervisor.log(),
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

  /**
   * A status line of a run in another process.
   *
   * <p>Owns the thread {@code remote-progress}, which hears of what happens there.
   */
  private static final class RemoteProgress implements AutoCloseable {

    private final StatusLine status;
    private final Optional<ControlClient> client;

    /**
     * @param directory the run directory of the other process
     * @param status is closed with this
     */
    RemoteProgress(Path directory, StatusLine status) throws ControlException {
      this.status = status;
      this.client = ControlClient.connect(directory);
    }

    void begin() {
      Thread thread = new Thread(() -> client.ifPresent(this::listen), "remote-progress");
      thread.setDaemon(true);
      thread.start();
    }

    private void listen(ControlClient events) {
      try {
        events.call(
            new Request.Events(/* follow= */ true),
            new ControlClient.Listener() {
              @Override
              public void event(JsonNode event) throws ControlException {
                note(Event.of(event));
              }
            });
      } catch (ControlException | IOException e) {
        // The line stays as it is; the wait for the run reports the reason.
      }
    }

    private void note(Event event) {
      Optional<NodePhase> phase =
          switch (event.event()) {
            case "node-started" -> Optional.of(NodePhase.STARTING);
            case "node-ready" -> Optional.of(NodePhase.READY);
            case "node-ended" -> Optional.of(NodePhase.DONE);
            default -> Optional.empty();
          };
      event.node().ifPresent(node -> phase.ifPresent(it -> status.phase(node, it)));
    }

    /** Idempotent. */
    @Override
    public void close() {
      client.ifPresent(ControlClient::close);
      status.close();
    }
  }
}
