package dev.topology.run;

import dev.topology.model.Node;
import dev.topology.model.Protocol;
import dev.topology.plan.NodePlan;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.plan.guest.ProgramStart.TerminalSize;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.run.cable.CableHost;
import dev.topology.run.cable.Capture;
import dev.topology.run.exec.Execution;
import dev.topology.run.exec.Shell;
import dev.topology.run.node.Channel;
import dev.topology.run.node.Console;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.NodeUsage;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.run.node.ShellLink;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A node of a running topology.
 *
 * <p>It is there from the moment the topology is started, and can still be asked after its end: for
 * its outcome, and for what it printed. What waits for the guest fails within milliseconds of its
 * end with a {@link NodeEndedException}, which says how it ended and what its console showed last;
 * it can be interrupted, and takes no longer than it says. Thread-safe.
 */
public final class RunningNode {

  private static final Duration TO_START = Duration.ofMinutes(1);
  private static final Duration TO_END = Duration.ofSeconds(10);
  private static final Duration FOR_QEMU = Duration.ofSeconds(10);
  private static final Duration TO_FIND_AGENT = Duration.ofMillis(500);
  private static final Duration TO_SET_CLOCK = Duration.ofSeconds(5);
  private static final Duration FOR_LAUNCH = Duration.ofMinutes(1);

  private final NodePlan plan;
  private final Coordinator coordinator;
  private final int tailLines;
  private final Console console;
  private final Optional<Console> kernelLog;
  private final Shell shell;
  private final Map<String, Channel> channels = new LinkedHashMap<>();

  RunningNode(NodePlan plan, Coordinator coordinator, int tailLines) {
    this.plan = plan;
    this.coordinator = coordinator;
    this.tailLines = tailLines;
    NodePorts ports = current().ports();
    this.console = new Console(ports.console(), this::waiter);
    this.kernelLog = ports.kernelLog().map(log -> new Console(log, this::waiter));
    this.shell = new Shell(this::waiter);
    plan.node().channels().forEach(name -> channels.put(name, new Channel(name, this::waiter)));
  }

  private NodeRun current() {
    return coordinator.processes().node(plan.name());
  }

  /** Waits for what it does in its current run. */
  NodeWaiter waiter() {
    NodeRun now = current();
    return new NodeWaiter(
        now, () -> now.ports().console().tail(tailLines), coordinator.teardown()::firstFailure);
  }

  /** The name. */
  public String name() {
    return plan.name();
  }

  /** What it is in the topology. */
  public Node node() {
    return plan.node();
  }

  /** How far it has come, at this moment. */
  public NodeState state() {
    return current().state();
  }

  /** How it ended, once it has. */
  public Optional<NodeOutcome> outcome() {
    return current().outcome();
  }

  /** Its console. */
  public Console console() {
    return console;
  }

  /**
   * Its kernel's log, to read and to wait in, where the plan keeps that apart: see {@link
   * dev.topology.plan.Planner.PlanOptions#withKernelLogApart}.
   */
  public Optional<Console> kernelLog() {
    return kernelLog;
  }

  /** Runs commands in it. */
  public Shell shell() {
    return shell;
  }

  /**
   * One of its {@code channels:}.
   *
   * @throws UnknownNameException if it has none of that name; the message lists those it has
   */
  public Channel channel(String name) {
    Channel channel = channels.get(name);
    if (channel == null) {
      throw UnknownNameException.of("channel", name, "node \"" + name() + "\"", channels.keySet());
    }
    current().ports().channel(name);
    return channel;
  }

  /** The names of its {@code channels:}, in the order of the file. */
  public List<String> channels() {
    return List.copyOf(channels.keySet());
  }

  /**
   * The ports of the host that lead into it, in the order of the file. Waits until its QEMU is up,
   * which takes a fraction of a second; a minute at the most.
   */
  public List<HostPort> hostPorts() throws InterruptedException {
    launched();
    return current().hostPorts();
  }

  /**
   * The port of the host that leads to a TCP port of it, or to a UDP port if it is not forwarded
   * for TCP. Waits as {@link #hostPorts} does.
   *
   * @throws UnknownNameException if no port of the host leads there; the message lists those that
   *     do
   */
  public int hostPort(int guestPort) throws InterruptedException {
    List<HostPort> all = hostPorts();
    return Stream.of(Protocol.TCP, Protocol.UDP)
        .flatMap(protocol -> all.stream().filter(port -> port.leadsTo(guestPort, protocol)))
        .findFirst()
        .orElseThrow(() -> noHostPort(guestPort, all))
        .hostPort();
  }

  private UnknownNameException noHostPort(int guestPort, List<HostPort> all) {
    List<String> known = all.stream().map(port -> "" + port.guestPort()).distinct().toList();
    return UnknownNameException.of(
        "port of the host that leads to guest port",
        "" + guestPort,
        "node \"" + name() + "\"",
        known);
  }

  /**
   * Waits until it is ready, which it has to be within the time that its {@code ready:} gives it:
   * otherwise it fails, and with it the topology. A node that is never let go, as what it depends
   * on is not ready, waits as long as that may take.
   */
  public void awaitReady() throws InterruptedException {
    awaitReady(Duration.ofDays(1));
  }

  /** Waits until it is ready. It does not fail if the time is up before; only this call does. */
  public void awaitReady(Duration deadline) throws InterruptedException {
    NodeWaiter now = waiter();
    now.await(now.ready(), Deadline.in(deadline), "it was ready");
  }

  /**
   * Waits until it has ended.
   *
   * @throws OutOfTimeException if it has not by then; it goes on
   */
  public NodeOutcome awaitEnd(Duration deadline) throws InterruptedException {
    NodeWaiter now = waiter();
    return now.await(now.gone(), Deadline.in(deadline), "it had ended");
  }

  /**
   * Ends it as if its power were cut: its outcome is {@link NodeOutcome.Stopped}, and the topology
   * runs on without it. A node that depends on it and was not let go yet never will be. Returns at
   * once; does nothing where it has ended.
   */
  public void kill() {
    coordinator.kill(name());
  }

  /**
   * Ends its QEMU, with what its guest had not written yet: its outcome is {@link
   * NodeOutcome.Stopped}, and the topology runs on without it, until {@link #restart}. Returns when
   * it is gone; does nothing where it has ended.
   */
  public void stop() throws InterruptedException {
    coordinator.stop(name());
    awaitEnd(TO_END);
  }

  /**
   * Boots it anew, whether it runs or has ended: another QEMU on the same cables and host ports,
   * whose console goes on in the same record and log. Nothing else is restarted. Returns once the
   * new QEMU is on its way; {@link #awaitReady} then waits for the new guest.
   *
   * @throws RunEndedException if the run is over
   */
  public void restart() throws InterruptedException {
    try {
      coordinator.restart(name()).get(TO_END.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new OutOfTimeException(
          "the QEMU of " + name() + " did not end within " + HumanText.duration(TO_END));
    } catch (ExecutionException e) {
      throw seenHere(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private RuntimeException seenHere(Throwable failure) {
    return failure instanceof RunException known
        ? known.again()
        : new IllegalStateException(name() + " cannot be restarted", failure);
  }

  /** Whether it is held by {@link #pause}. */
  public boolean isPaused() {
    return current().isHeld();
  }

  /** How often it has been restarted. */
  public int restarts() {
    return current().restarts();
  }

  /** What it takes of the host, at this moment; empty where its QEMU is not running. */
  public Optional<NodeUsage> usage() {
    return current().gone().isDone() ? Optional.empty() : current().pid().flatMap(NodeUsage::of);
  }

  /**
   * Starts a command in it: a program and its arguments, no shell. Waits until the guest serves
   * commands, for a minute at the most.
   *
   * @throws NodeEndedException if the node ends before
   * @throws OutOfTimeException if nothing in the guest serves commands by then
   * @throws GuestAgentException if the guest cannot start it, as it is out of memory or processes
   */
  @SuppressWarnings("DoNotCallSuggester")
  public Execution exec(List<String> argv) throws InterruptedException {
    return exec(argv, TO_START);
  }

  /** Starts a command in it: see {@link #exec(List)}, for as long at the most. */
  public Execution exec(List<String> argv, Duration toStart) throws InterruptedException {
    ProgramStart program = new ProgramStart(argv, List.of(), true, Optional.empty());
    return Execution.start(waiter(), program, Deadline.in(toStart));
  }

  /**
   * Starts a command on a terminal of its own: what it writes comes as one output, and {@link
   * Execution#errors} is empty. What is written to its input is as if it were typed.
   *
   * @param rows how high the terminal is, 1 to 65535; see {@link Execution#resize}
   * @param columns how wide
   * @param type what the guest is told of it in TERM, such as {@code xterm-256color}
   * @throws GuestAgentException as {@link #exec(List)}, and if only a QEMU guest agent is there
   */
  public Execution execOnTerminal(List<String> argv, int rows, int columns, String type)
      throws InterruptedException {
    ProgramStart program =
        new ProgramStart(
            argv, List.of("TERM=" + type), true, Optional.of(new TerminalSize(rows, columns)));
    return Execution.start(waiter(), program, Deadline.in(TO_START));
  }

  /**
   * Holds its guest, whose clock stands still from then on, until {@link #resume}. Returns when it
   * is held.
   *
   * @throws IllegalStateException if the guest was not let go yet
   */
  public void pause() throws InterruptedException {
    requireStarted();
    execute(QmpCommand.hold(), "QEMU had held it");
    held(true, new RunEvent.NodePaused(name()));
  }

  /**
   * Lets a guest go on that was held by {@link #pause}, and sets its clock, where it serves the
   * port topology.shell. Returns when it runs, and its clock is right; after some seconds at the
   * most, if it is slow to set it.
   */
  public void resume() throws InterruptedException {
    requireStarted();
    execute(QmpCommand.resume(), "QEMU had let it go on");
    held(false, new RunEvent.NodeResumed(name()));
    ShellLink shell = current().ports().shell();
    try {
      CompletableFuture<Void> set = shell.setClock();
      // What an agent says first is there already: without one, nothing more is waited for.
      shell.served().get(TO_FIND_AGENT.toNanos(), TimeUnit.NANOSECONDS);
      set.get(TO_SET_CLOCK.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException noAgentOrNoGuest) {
      // No answer is no failure: the guest runs.
    }
  }

  private void held(boolean now, RunEvent event) {
    if (current().isHeld() != now) {
      current().hold(now);
      coordinator.events().add(event);
    }
  }

  private void requireStarted() {
    if (state().compareTo(NodeState.STARTED) < 0) {
      throw new IllegalStateException(name() + " has not been started yet");
    }
  }

  void setLink(String interfaceId, boolean up) throws InterruptedException {
    launched();
    execute(QmpCommand.setLink(interfaceId, up), "QEMU had plugged or unplugged " + interfaceId);
    if (up) {
      current().ports().unplugged().remove(interfaceId);
    } else {
      current().ports().unplugged().add(interfaceId);
    }
  }

  /** Makes its QEMU dump what a capture of a plain cable writes; returns when it does. */
  void dump(CableHost cable, Capture capture) throws IOException, InterruptedException {
    launched();
    NodeWaiter now = waiter();
    now.await(
        cable.dump(capture, now.ports().qmp()),
        Deadline.in(FOR_QEMU),
        "QEMU had begun the capture");
  }

  private void execute(QmpCommand command, String what) throws InterruptedException {
    NodeWaiter now = waiter();
    now.await(now.ports().qmp().execute(command), Deadline.in(FOR_QEMU), what);
  }

  private List<HostPort> launched() throws InterruptedException {
    CompletableFuture<List<HostPort>> ports = coordinator.starter().launched();
    return waiter().await(ports, Deadline.in(FOR_LAUNCH), "every QEMU was up");
  }

  /** The QEMU program and its exact arguments. */
  public List<String> commandLine() {
    return coordinator.processes().commandLine(plan);
  }

  /** The file that every byte of its console goes to; absolute. */
  public Path consoleLog() {
    return plan.consoleLog();
  }

  @Override
  public String toString() {
    return "node " + name();
  }
}
