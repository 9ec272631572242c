package dev.topology.run;

import dev.topology.console.ConsoleLine;
import dev.topology.console.ConsolePump;
import dev.topology.console.ConsoleRecord;
import dev.topology.console.Expectation;
import dev.topology.console.RawLog;
import dev.topology.model.Accelerator;
import dev.topology.model.PortForward;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.posix.Descriptor;
import dev.topology.posix.SocketStream;
import dev.topology.qemu.QmpCommand;
import dev.topology.qemu.UserNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * All that is said with one QEMU and its guest: on the console, over the control port, in QMP.
 *
 * <p>Each has a thread that reads it and never waits for anything else, so that no guest is stalled
 * by what the host does with its words.
 */
final class Conversations implements AutoCloseable {

  private static final long LAST_BYTES_MILLIS = 2000;
  private static final String PANIC = "Kernel panic - not syncing";

  private final NodePlan node;
  private final NodeSignals signals;
  private final ConsoleRecord console;
  private final ConsolePump pump;
  private final QmpClient qmp;
  private final ControlLink control;
  private final List<Descriptor> kept;
  private Optional<PortWatch> portWatch = Optional.empty();

  private Conversations(
      NodePlan node, Sockets sockets, NodeSignals signals, ConsoleRecord console) {
    this.node = node;
    this.signals = signals;
    this.console = console;
    console.addListener(this::watchForPanic);
    this.pump =
        ConsolePump.start(
            take(sockets, Purpose.CONSOLE).input(), console, log(node, signals).orElse(null));
    this.qmp = new QmpClient(node.name(), take(sockets, Purpose.QMP));
    this.control = new ControlLink(node, take(sockets, Purpose.CONTROL), signals);
    this.kept = sockets.takeOtherHostEnds(node.name());
  }

  /** Begins to read everything, and asks QEMU for the host ports that it was given. */
  static Conversations begin(
      NodePlan node, Sockets sockets, NodeSignals signals, ConsoleRecord console) {
    Conversations conversations = new Conversations(node, sockets, signals, console);
    conversations.start();
    return conversations;
  }

  private SocketStream take(Sockets sockets, Purpose purpose) {
    return new SocketStream(sockets.takeHostEnd(node.name(), purpose));
  }

  private static Optional<RawLog> log(NodePlan node, NodeSignals signals) {
    try {
      return Optional.of(
          RawLog.open(
              node.name(),
              node.consoleLog(),
              problem -> signals.warned(problem.what() + ". " + problem.remedy())));
    } catch (IOException e) {
      signals.warned("cannot write its console to " + node.consoleLog() + ": " + Reasons.of(e));
      return Optional.empty();
    }
  }

  private void start() {
    control.start();
    qmp.start();
    reportFailure(
        qmp.execute(QmpCommand.capabilities())
            .thenCompose(done -> userNetwork())
            .thenAccept(network -> signals.paused(hostPorts(network))));
  }

  private void watchForPanic(ConsoleLine line) {
    if (line.finished() && line.text().contains(PANIC)) {
      signals.panicked(line.text());
    }
  }

  private void reportFailure(CompletableFuture<?> step) {
    var unused =
        step.exceptionally(
            failure -> {
              signals.broke(String.valueOf(root(failure).getMessage()));
              return null;
            });
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  /** The state of the host network; empty where the node has none. */
  private CompletableFuture<UserNetwork> userNetwork() {
    return node.node().hostNetwork()
        ? qmp.execute(QmpCommand.userNetwork())
            .thenApply(answer -> UserNetwork.parse(answer.text()))
        : CompletableFuture.completedFuture(new UserNetwork(List.of()));
  }

  private List<HostPort> hostPorts(UserNetwork network) {
    return node.node().ports().stream().map(forward -> hostPort(network, forward)).toList();
  }

  private HostPort hostPort(UserNetwork network, PortForward forward) {
    int port =
        network
            .hostPort(forward)
            .orElseThrow(() -> new IllegalStateException("QEMU does not list " + forward));
    return new HostPort(
        node.name(), forward.protocol(), forward.guestPort(), forward.hostAddress(), port);
  }

  /** Lets the guest run, and watches for what makes it ready. */
  void resume() {
    if (node.ready().signal() instanceof Signal.Given given) {
      watchFor(given.condition());
    }
    reportFailure(qmp.execute(QmpCommand.resume()));
    if (node.accelerator() == Accelerator.TCG) {
      new TimerWatch(qmp, signals::warned).start();
    }
  }

  private void watchFor(Condition condition) {
    if (condition instanceof Condition.ConsoleText text) {
      reportFailure(
          console
              .find(Expectation.line(text.pattern()), console.mark())
              .thenRun(signals::conditionMet));
    } else if (condition instanceof Condition.OpenPort port) {
      PortWatch watch =
          new PortWatch(node.name(), port.guestPort(), this::userNetwork, signals::conditionMet);
      portWatch = Optional.of(watch);
      watch.start();
    } else {
      throw new IllegalStateException("cannot wait for " + condition);
    }
  }

  ConsoleRecord console() {
    return console;
  }

  /**
   * Completes when all that a dead QEMU and its guest had said has been read, or after two seconds.
   */
  CompletableFuture<Void> lastBytesRead() {
    return CompletableFuture.allOf(pump.ended(), control.ended(), qmp.ended())
        .completeOnTimeout(null, LAST_BYTES_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    portWatch.ifPresent(PortWatch::close);
    control.close();
    qmp.close();
    pump.close();
    kept.forEach(Descriptor::close);
  }
}
