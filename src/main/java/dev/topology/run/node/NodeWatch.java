package dev.topology.run.node;

import dev.topology.console.ConsoleLine;
import dev.topology.console.ConsoleLine.LineListener;
import dev.topology.console.ConsolePump;
import dev.topology.console.ConsolePump.RawLog;
import dev.topology.console.ConsoleRecord;
import dev.topology.console.Expectation;
import dev.topology.console.GuestText;
import dev.topology.model.Accelerator;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.Start;
import dev.topology.plan.qemu.Board;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.Reasons;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodeSignals.GuestEnd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Watches one QEMU and its guest: what they say on the console, over the control port and in QMP,
 * and what makes the guest ready. Reports it all to {@link NodeSignals}.
 *
 * <p>Each has a thread that reads it and never waits for anything else, so that no guest is stalled
 * by what the host does with its output.
 */
final class NodeWatch implements AutoCloseable {

  private static final long LAST_BYTES_MILLIS = 2000;
  private static final byte[] RESTARTED =
      "\n--- restarted ---\n".getBytes(StandardCharsets.US_ASCII);
  private static final String PANIC = "Kernel panic - not syncing: ";
  private static final String UNPACKING = "Initramfs unpacking failed: write error";

  /** What an init without a console says by way of the kernel: {@code <3>topology: …}. */
  private static final Pattern COMPLAINT = Pattern.compile("(?:\\[ *[0-9.]+] )?topology: (.+)");

  private final NodePlan node;
  private final NodePorts ports;
  private final NodeSignals signals;
  private final List<ConsolePump> pumps = new ArrayList<>();
  private final ServiceRelay services;
  private final ControlLink control;
  private final HostForwards forwards;
  private final LineListener panicWatch = this::watchForPanic;
  private final AtomicBoolean panicked = new AtomicBoolean();
  private final AtomicBoolean complained = new AtomicBoolean();
  private Optional<PortWatch> portWatch = Optional.empty();

  private NodeWatch(
      NodePlan node, NodePorts ports, List<HostPort> formerHostPorts, NodeSignals signals) {
    this.node = node;
    this.ports = ports;
    this.forwards = new HostForwards(node, ports, formerHostPorts, signals::warned);
    this.signals = signals;
    this.services = new ServiceRelay(node, ports.shell(), signals::warned);
    this.control = new ControlLink(node, ports.control(), services, signals);
  }

  /**
   * Begins to read everything, and asks QEMU for the host ports that it was given.
   *
   * @param formerHostPorts those of the node's last QEMU, to be had again if they can
   */
  static NodeWatch begin(
      NodePlan node, NodePorts ports, List<HostPort> formerHostPorts, NodeSignals signals) {
    NodeWatch watch = new NodeWatch(node, ports, formerHostPorts, signals);
    watch.start();
    return watch;
  }

  private void start() {
    pump(ports.consoleSocket(), ports.console(), node.consoleLog());
    ports.kernelSocket().ifPresent(this::pumpKernelLog);
    ports.boot().addListener(this::watchBoot);
    pumps.add(ConsolePump.start(ports.bootSocket().input(), ports.boot(), null));
    pumps.forEach(pump -> reportBreak(pump.broken()));
    ports.readers().forEach(reader -> reportBreak(reader.broken()));
    reportBreak(control.broken());
    reportBreak(services.broken());
    reportBreak(ports.relayed().broken());
    ports.qmp().onEvent(this::watchForEnd);
    control.startOnce();
    ports.qmp().startOnce();
    reportFailure(
        ports
            .qmp()
            .execute(QmpCommand.capabilities())
            .thenCompose(done -> load())
            .thenCompose(done -> unplug())
            .thenCompose(done -> forwards.take())
            .thenAccept(signals::paused));
  }

  private CompletableFuture<Void> load() {
    return node.start()
        .from()
        .map(guest -> load(guest.state()))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<Void> load(Path state) {
    int number = node.sockets().state().orElseThrow().number();
    return Migration.load(node.name(), ports.qmp(), number, ports.state().orElseThrow(), state);
  }

  /** In a new QEMU every card has a carrier, so the cut cables are cut again. */
  private CompletableFuture<Void> unplug() {
    return CompletableFuture.allOf(
        ports.unplugged().stream()
            .map(id -> ports.qmp().execute(QmpCommand.setLink(id, false)))
            .toArray(CompletableFuture<?>[]::new));
  }

  private void pumpKernelLog(SocketStream socket) {
    pump(socket, ports.kernelLog().orElseThrow(), node.kernelLog().orElseThrow());
  }

  private void pump(SocketStream socket, ConsoleRecord record, Path log) {
    record.addListener(panicWatch);
    pumps.add(ConsolePump.start(bytesOf(socket), record, open(log).orElse(null)));
  }

  /** What comes after the output of an earlier QEMU begins with a line that says so. */
  private InputStream bytesOf(SocketStream socket) {
    return ports.isFirst()
        ? socket.input()
        : new SequenceInputStream(new ByteArrayInputStream(RESTARTED), socket.input());
  }

  private Optional<RawLog> open(Path log) {
    try {
      return Optional.of(
          ports.isFirst()
              ? RawLog.open(node.name(), log, signals::warned)
              : RawLog.append(node.name(), log, signals::warned));
    } catch (IOException e) {
      signals.warned("cannot write its console to " + log + ": " + Reasons.of(e));
      return Optional.empty();
    }
  }

  /** The first is enough, and a guest can print it a million times. */
  private void watchForPanic(ConsoleLine line) {
    if (line.finished() && line.text().contains(PANIC) && panicked.compareAndSet(false, true)) {
      signals.panicked(GuestText.line(line.text()));
    }
  }

  /** Linux goes on booting with an initramfs of which it could unpack only a part. */
  private void watchBoot(ConsoleLine line) {
    watchForPanic(line);
    Matcher complaint = COMPLAINT.matcher(line.text());
    if (line.finished() && line.text().contains(UNPACKING)) {
      signals.failed(new FailureCause.InitramfsDidNotFit(node.node().memory()));
    } else if (line.finished() && complaint.matches() && complained.compareAndSet(false, true)) {
      signals.failed(new FailureCause.GuestError(GuestText.line(complaint.group(1))));
    }
  }

  private void watchForEnd(QmpMessage.Event event) {
    if (event.name().equals("SHUTDOWN")) {
      signals.ending(GuestEnd.of(event.detail("reason")));
    }
  }

  private void reportBreak(CompletableFuture<String> broken) {
    var unused = broken.thenAccept(why -> signals.failed(new FailureCause.Unheard(why)));
  }

  private void reportFailure(CompletableFuture<?> step) {
    var unused =
        step.exceptionally(
            failure -> {
              signals.broke(
                  new FailureCause.OutOfControl(String.valueOf(root(failure).getMessage())));
              return null;
            });
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  /** Lets the guest run, and watches for what makes it ready. */
  void resume() {
    if (node.start() instanceof Start.Restored) {
      goOn();
      return;
    }
    if (node.ready().signal() instanceof Signal.Given given) {
      watchFor(given.condition());
    }
    reportFailure(ports.qmp().execute(QmpCommand.resume()));
    if (node.start() instanceof Start.Cloned) {
      control.introduceClone();
    } else if (node.accelerator() == Accelerator.TCG && Board.of(node.node()) == Board.MICROVM) {
      new TimerWatch(ports.qmp(), signals::warned).start();
    }
  }

  /**
   * A guest that goes on from where it was saved is ready, as it was then, once it has the time and
   * random numbers of now.
   */
  private void goOn() {
    CompletableFuture<?> running = ports.qmp().execute(QmpCommand.resume());
    if (ports.shell().isRestored()) {
      ports.shell().beginAnew();
      running =
          running
              .thenCompose(done -> ports.shell().setClock())
              .thenCompose(done -> services.listen());
    }
    reportFailure(running.thenRun(signals::conditionMet));
  }

  private void watchFor(Condition condition) {
    if (condition instanceof Condition.ConsoleText text) {
      reportFailure(
          ports
              .console()
              .find(Expectation.line(text.pattern()), ports.start())
              .thenRun(signals::conditionMet));
    } else if (condition instanceof Condition.OpenPort port) {
      watchPort(port.guestPort(), accepted -> true);
    } else if (condition instanceof Condition.HttpAnswer http) {
      watchPort(http.guestPort(), new HttpProbe(node.name(), http, signals::tried));
    } else if (condition instanceof Condition.ChannelByte) {
      ports.watchReadyChannel(signals::conditionMet);
    }
    // A command is run once the guest says that it is set up.
  }

  private void watchPort(int guestPort, PortWatch.Check check) {
    PortWatch watch =
        new PortWatch(node.name(), guestPort, forwards::userNetwork, check, signals::conditionMet);
    portWatch = Optional.of(watch);
    watch.start();
  }

  /**
   * Completes when all that a dead QEMU and its guest had said has been read, or after two seconds.
   */
  CompletableFuture<Void> lastBytesRead() {
    Stream<CompletableFuture<Void>> consoles = pumps.stream().map(ConsolePump::ended);
    Stream<CompletableFuture<Void>> others = Stream.of(control.ended(), ports.qmp().ended());
    return CompletableFuture.allOf(
            Stream.concat(consoles, others).toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, LAST_BYTES_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    portWatch.ifPresent(closing::close);
    closing.close(control);
    closing.close(services);
    pumps.forEach(closing::close);
    ports.console().removeListener(panicWatch);
    ports.kernelLog().ifPresent(log -> log.removeListener(panicWatch));
    closing.finish();
  }
}
