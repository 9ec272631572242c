package dev.topology.run;

import dev.topology.model.Node;
import dev.topology.model.PortForward.Protocol;
import dev.topology.plan.NodePlan;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.plan.guest.ProgramStart.TerminalSize;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.cable.CableHost;
import dev.topology.run.cable.Capture;
import dev.topology.run.exec.Execution;
import dev.topology.run.exec.GuestCopy;
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
import dev.topology.text.HumanText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A node of a running topology.
 *
 * <p>It can be used from the start of the topology until after its end, when it still has its
 * outcome and what it printed. A call that waits for the guest can be interrupted; if the node
 * ends, it fails within milliseconds with a {@link NodeEndedException}, which says how the node
 * ended and what its console showed last. Thread-safe.
 */
public final class RunningNode {

  private static final Duration TO_START = Duration.ofMinutes(1);

  /** For QEMU to do what it is told, or to end. */
  private static final Duration FOR_QEMU = Duration.ofSeconds(10);

  /** More than it gets before it is killed. */
  private static final Duration TO_END = Duration.ofMinutes(1);

  private final String name;
  private final Coordinator coordinator;
  private final int tailLines;
  private final Console console;
  private final Optional<Console> kernelLog;
  private final Shell shell;
  private final Handling handling;
  private final Map<String, Channel> channels = new ConcurrentHashMap<>();

  RunningNode(NodePlan plan, Coordinator coordinator, int tailLines) {
    this.name = plan.name();
    this.coordinator = coordinator;
    this.tailLines = tailLines;
    NodePorts ports = current().ports();
    this.console = new Console(ports.console(), this::waiter);
    this.kernelLog = ports.kernelLog().map(log -> new Console(log, this::waiter));
    this.shell = new Shell(this::waiter);
    this.handling = new Handling(this, coordinator);
  }

  NodeRun current() {
    return coordinator.processes().node(name);
  }

  /** Waits for what it does in its current run. */
  NodeWaiter waiter() {
    NodeRun now = current();
    return new NodeWaiter(
        now, () -> now.ports().console().tail(tailLines), coordinator.teardown()::firstFailure);
  }

  /** The node's name. */
  public String name() {
    return name;
  }

  /** The node as the topology describes it. */
  public Node node() {
    return current().plan().node();
  }

  /** Its state at this moment. */
  public NodeState state() {
    return current().state();
  }

  /** How it ended; empty until it has ended. */
  public Optional<NodeOutcome> outcome() {
    return current().outcome();
  }

  /** The guest's console. */
  public Console console() {
    return console;
  }

  /**
   * The log of the guest's kernel; empty unless the plan keeps it off the console: see {@link
   * dev.topology.plan.Planner.PlanOptions#withKernelLogApart}.
   */
  public Optional<Console> kernelLog() {
    return kernelLog;
  }

  /** A shell in the guest, which runs commands. */
  public Shell shell() {
    return shell;
  }

  /**
   * One of the node's {@code channels:}.
   *
   * @throws UnknownNameException if it has none of that name; the message lists those it has
   */
  public Channel channel(String channel) {
    List<String> all = node().channels();
    if (!all.contains(channel)) {
      throw UnknownNameException.of("channel", channel, "node \"" + name() + "\"", all);
    }
    current().ports().channel(channel);
    return channels.computeIfAbsent(channel, it -> new Channel(it, this::waiter));
  }

  /**
   * The host ports that lead to the node, in the order of the file. Waits until every QEMU is up,
   * or its own where the node was added to a run: a fraction of a second, a minute at most.
   */
  public List<HostPort> hostPorts() throws InterruptedException {
    launched();
    NodeWaiter now = waiter();
    if (!current().hasEnded()) {
      now.await(current().up(), Deadline.in(TO_START), "its QEMU was up");
    }
    return current().hostPorts();
  }

  /**
   * The host port that leads to a guest port: to the TCP port if that is forwarded, otherwise to
   * the UDP port. Waits as {@link #hostPorts} does.
   *
   * @param guestPort 1 to 65535
   * @throws UnknownNameException if no host port leads there; the message lists those that exist
   */
  public int hostPort(int guestPort) throws InterruptedException {
    List<HostPort> all = hostPorts();
    return Stream.of(Protocol.TCP, Protocol.UDP)
        .flatMap(protocol -> all.stream().filter(port -> port.leadsTo(guestPort, protocol)))
        .findFirst()
        .orElseThrow(
            () ->
                UnknownNameException.of(
                    "port of the host that leads to guest port",
                    "" + guestPort,
                    "node \"" + name() + "\"",
                    all.stream().map(port -> "" + port.guestPort()).distinct().toList()))
        .hostPort();
  }

  /**
   * Waits until the node is ready. A node that is not ready within the time of its {@code ready:}
   * fails, and the topology with it. That time starts when the guest starts, which is when all that
   * the node depends on is ready; until then, and a day at most, this waits.
   */
  public void awaitReady() throws InterruptedException {
    awaitReady(Duration.ofDays(1));
  }

  /**
   * Waits until the node is ready.
   *
   * @param deadline how long to wait
   * @throws OutOfTimeException if it is not ready by then; the node goes on
   */
  public void awaitReady(Duration deadline) throws InterruptedException {
    NodeWaiter now = waiter();
    now.await(now.ready(), Deadline.in(deadline), "it was ready");
  }

  /**
   * Waits until the node has ended.
   *
   * @param deadline how long to wait
   * @throws OutOfTimeException if it has not ended by then; the node goes on
   */
  public NodeOutcome awaitEnd(Duration deadline) throws InterruptedException {
    NodeWaiter now = waiter();
    return now.await(now.gone(), Deadline.in(deadline), "it had ended");
  }

  /**
   * Ends the node as if its power were cut. Its outcome is {@link NodeOutcome.Stopped}, and the
   * topology runs on without it. Nodes that wait for it to be ready never start. Returns at once;
   * does nothing if the node has ended.
   */
  public void kill() {
    coordinator.kill(name());
  }

  /**
   * Ends the node's QEMU. A PC that has been ready shuts down first, for which it has 30 seconds;
   * of other nodes, what the guest has not written yet is lost. The node's outcome is {@link
   * NodeOutcome.Stopped}, and the topology runs on without it, until {@link #restart}. Returns when
   * QEMU has ended; does nothing if the node has ended.
   */
  public void stop() throws InterruptedException {
    coordinator.stop(name());
    awaitEnd(TO_END);
  }

  /**
   * Boots the node again, whether it runs or has ended: a new QEMU on the same cables and host
   * ports. Its console is added to the same record and log. No other node is restarted. Returns
   * when the new QEMU is being started; {@link #awaitReady} then waits for the new guest.
   *
   * @throws RunEndedException if the run is over
   */
  public void restart() throws InterruptedException {
    RunException.await(
        coordinator.restart(name()),
        TO_END,
        () -> "the QEMU of " + name() + " did not end within " + HumanText.duration(TO_END),
        name() + " cannot be restarted");
  }

  /** Whether {@link #pause} holds it. */
  public boolean isPaused() {
    return current().isHeld();
  }

  /** How often it has been restarted. */
  public int restarts() {
    return current().restarts();
  }

  /** How long its guest has run, or had when it ended; empty if it has not started yet. */
  public Optional<Duration> uptime() {
    return current().uptime();
  }

  /** What it uses of the host at this moment; empty if its QEMU is not running. */
  public Optional<NodeUsage> usage() {
    return current().gone().isDone() ? Optional.empty() : current().pid().flatMap(NodeUsage::of);
  }

  /**
   * Starts a command in the guest: a program and its arguments, without a shell. Waits until the
   * guest accepts commands, for a minute at most.
   *
   * @throws NodeEndedException if the node ends first
   * @throws OutOfTimeException if the guest does not accept commands by then
   * @throws GuestAgentException if the guest cannot start it, for want of memory or processes
   */
  @SuppressWarnings("DoNotCallSuggester")
  public Execution exec(List<String> argv) throws InterruptedException {
    return exec(argv, TO_START);
  }

  /**
   * Starts a command in the guest, as {@link #exec(List)} does.
   *
   * @param toStart how long to wait until the guest accepts commands
   */
  public Execution exec(List<String> argv, Duration toStart) throws InterruptedException {
    ProgramStart program = new ProgramStart(argv, List.of(), true, Optional.empty());
    return Execution.start(waiter(), program, Deadline.in(toStart));
  }

  /**
   * Starts a command on a terminal of its own. All that it writes is one output, and {@link
   * Execution#errors} is empty. Its input is what would be typed.
   *
   * @param rows the height of the terminal, 1 to 65535; see {@link Execution#resize}
   * @param columns its width, 1 to 65535
   * @param type the variable TERM in the guest, such as {@code xterm-256color}
   * @throws GuestAgentException as {@link #exec(List)}, and if the guest has only a QEMU guest
   *     agent
   */
  public Execution execOnTerminal(List<String> argv, int rows, int columns, String type)
      throws InterruptedException {
    ProgramStart program =
        new ProgramStart(
            argv, List.of("TERM=" + type), true, Optional.of(new TerminalSize(rows, columns)));
    return Execution.start(waiter(), program, Deadline.in(TO_START));
  }

  /**
   * Copies a file or directory into the guest: into a directory that is there, under its own name,
   * otherwise to that path. Of a directory whose last name is {@code .}, copies what is in it.
   * Modes and times are kept; a file that is there is replaced. Blocks until it is done; what fails
   * or is interrupted leaves nothing half-written.
   *
   * @param target a path in the guest, from {@code /}
   * @return what was left out of a directory: devices, pipes and sockets
   * @throws IOException in words, if the host's or the guest's side cannot
   * @throws NodeEndedException if the node ends first
   */
  public List<String> copyTo(Path source, String target) throws IOException, InterruptedException {
    return new GuestCopy(name(), this::exec).into(source, target);
  }

  /**
   * Copies a file or directory out of the guest, by the same rules as {@link #copyTo}.
   *
   * @param source a path in the guest, from {@code /}; what is in a directory if it ends with
   *     {@code /.}
   * @return what was left out, likewise
   * @throws IOException in words, if the host's or the guest's side cannot
   * @throws NodeEndedException if the node ends first
   */
  public List<String> copyFrom(String source, Path target)
      throws IOException, InterruptedException {
    return new GuestCopy(name(), this::exec).from(source, target);
  }

  /**
   * Pauses the guest, and its clock, until {@link #resume}. Returns when it is paused.
   *
   * @throws IllegalStateException if the guest has not started yet
   */
  public void pause() throws InterruptedException {
    handling.pause();
  }

  /**
   * Resumes a guest that {@link #pause} paused, and sets its clock if it has our agent (the port
   * topology.shell). Returns when the guest runs and its clock is right; if setting it is slow,
   * after a few seconds at most.
   */
  public void resume() throws InterruptedException {
    handling.resume();
  }

  void setLink(String interfaceId, boolean up) throws InterruptedException {
    launched();
    handling.setLink(interfaceId, up);
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

  private List<HostPort> launched() throws InterruptedException {
    CompletableFuture<List<HostPort>> ports = coordinator.starter().launched();
    return waiter().await(ports, Deadline.in(TO_START), "every QEMU was up");
  }

  /** The absolute path of the file that receives every byte of the console. */
  public Path consoleLog() {
    return current().plan().consoleLog();
  }

  @Override
  public String toString() {
    return "node " + name();
  }
}
