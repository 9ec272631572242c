package dev.topology.run;

import dev.topology.model.Cable;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.cable.CableHost;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.LaunchException;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A topology that is being brought up, runs, or has ended.
 *
 * <p>Whatever happens, closing it leaves nothing behind: no QEMU, no thread, no descriptor. Its
 * console logs stay in the run directory, which is the caller's. Thread-safe.
 */
public final class RunningTopology implements AutoCloseable {

  private static final int TAIL_LINES = 20;

  private final LaunchPlan plan;
  private final Coordinator coordinator;
  private final Map<String, RunningNode> nodes = new LinkedHashMap<>();
  private final Map<String, RunningCable> cables = new LinkedHashMap<>();

  private RunningTopology(LaunchPlan plan, Coordinator coordinator) {
    this.plan = plan;
    this.coordinator = coordinator;
    plan.nodes()
        .forEach(node -> nodes.put(node.name(), new RunningNode(node, coordinator, TAIL_LINES)));
    for (Cable cable : topology().cables()) {
      CableHost host = coordinator.processes().hostOf(cable);
      cables.put(cable.name(), new RunningCable(cable, nodes, host, coordinator.events()::add));
    }
  }

  /**
   * Brings a topology up. Returns at once; what happens is told to the listener.
   *
   * @param plan whose run directory exists and is held by the caller
   * @throws LaunchException if the host lets no part of it start
   */
  public static RunningTopology start(LaunchPlan plan, RunListener listener) {
    return start(plan, listener, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Brings a topology up, no more than so many of its guests booting at once.
   *
   * @throws LaunchException if the host lets no part of it start
   */
  static RunningTopology start(LaunchPlan plan, RunListener listener, int places) {
    Coordinator coordinator =
        new Coordinator(plan, NodeProcesses.prepare(plan, listener), listener, places);
    RunningTopology running = new RunningTopology(plan, coordinator);
    coordinator.start();
    return running;
  }

  /** What it is a run of. */
  public Topology topology() {
    return plan.topology();
  }

  /** What it carries out. */
  public LaunchPlan plan() {
    return plan;
  }

  /**
   * The node of that name.
   *
   * @throws UnknownNameException if there is none; the message lists those there are, those most
   *     like it first
   */
  public RunningNode node(String name) {
    return named(name, "node", nodes);
  }

  /** The nodes, in the order of the file. */
  public List<RunningNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /**
   * The cable of that name; one without a name in the file is called {@code left:eth1--right:eth1}.
   *
   * @throws UnknownNameException if there is none; the message lists those there are, those most
   *     like it first
   */
  public RunningCable cable(String name) {
    return named(name, "cable", cables);
  }

  /** The cables, in the order of the file. */
  public List<RunningCable> cables() {
    return List.copyOf(cables.values());
  }

  private <T> T named(String name, String kind, Map<String, T> all) {
    T found = all.get(name);
    if (found == null) {
      throw UnknownNameException.of(
          kind, name, "topology \"" + topology().name() + '"', all.keySet());
    }
    return found;
  }

  /** The port of the host that leads to a port of a node: see {@link RunningNode#hostPort}. */
  public int hostPort(String node, int guestPort) throws InterruptedException {
    return node(node).hostPort(guestPort);
  }

  /** Everything that has happened so far, in order; of more than 10,000 events, the last ones. */
  public List<RunEvent> events() {
    return coordinator.events().soFar();
  }

  /**
   * Tells a listener everything that happens, in order: at once, by this thread, what has happened,
   * and then as {@link RunListener} does. It must return soon, must not throw, and must not wait
   * for the run.
   */
  public void onEvent(Consumer<RunEvent> listener) {
    coordinator.events().addListener(listener);
  }

  /**
   * The ports of the host that lead into guests, in the order of the file, as they are by the time
   * it completes: a node that is restarted has the same again, unless somebody has taken one
   * meanwhile. Completes once every QEMU is up; exceptionally, with a {@link RunEndedException}, if
   * the run ends before.
   */
  public CompletableFuture<List<HostPort>> hostPorts() {
    return coordinator
        .starter()
        .launched()
        .thenApply(
            first ->
                plan.nodes().stream()
                    .flatMap(node -> coordinator.processes().node(node.name()).hostPorts().stream())
                    .toList());
  }

  /**
   * Completes when every node has become ready; exceptionally, with a {@link RunEndedException}, if
   * the run ends before.
   */
  public CompletableFuture<Void> ready() {
    return coordinator.starter().ready().copy();
  }

  /**
   * Waits until every node is ready. Each has to be within the time that its {@code ready:} gives
   * it, from the moment its guest runs; so this comes to an end.
   *
   * @throws RunEndedException if the run ends before, with the failed node's report in the message
   * @throws NodeEndedException if a node is killed before it is ready
   */
  public void awaitReady() throws InterruptedException {
    awaitReady(Duration.ofDays(1));
  }

  /**
   * Waits until every node is ready: see {@link #awaitReady()}.
   *
   * @throws OutOfTimeException if not all are by then; the run goes on
   */
  public void awaitReady(Duration deadline) throws InterruptedException {
    try {
      coordinator.starter().ready().get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new OutOfTimeException(
          topology().name()
              + " took longer than "
              + HumanText.duration(deadline)
              + " before every node was ready: "
              + unready());
    } catch (ExecutionException e) {
      throw seenHere(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private String unready() {
    return nodes().stream()
        .filter(node -> node.state() != NodeState.READY)
        .map(node -> node.name() + " is " + node.state().toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static RuntimeException seenHere(Throwable failure) {
    return failure instanceof RunException known
        ? known.again()
        : new IllegalStateException("the run broke off by a fault of its own", failure);
  }

  /** How the run ended, once it has. */
  public Optional<TopologyOutcome> outcome() {
    CompletableFuture<TopologyOutcome> over = coordinator.teardown().over();
    return over.isDone() && !over.isCompletedExceptionally()
        ? Optional.of(over.join())
        : Optional.empty();
  }

  /** Completes when the run is over and no process of it is left. */
  public CompletableFuture<TopologyOutcome> over() {
    return coordinator.teardown().over().copy();
  }

  /**
   * Waits for the end of the run, however long it takes.
   *
   * @throws InterruptedException if this thread is interrupted; the run goes on
   */
  public TopologyOutcome awaitOutcome() throws InterruptedException {
    try {
      return coordinator.teardown().over().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e.getCause());
    }
  }

  /**
   * Waits for the end of the run, and ends it when the limit is reached.
   *
   * @throws InterruptedException if this thread is interrupted; the run goes on
   */
  public TopologyOutcome awaitOutcome(Duration limit) throws InterruptedException {
    try {
      coordinator.teardown().over().copy().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      coordinator.stop(new TopologyOutcome.OutOfTime(limit));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e.getCause());
    }
    return awaitOutcome();
  }

  /** Asks for the end of the run and returns at once. Once it is ending, nothing changes. */
  public void stop() {
    coordinator.stop(new TopologyOutcome.Stopped());
  }

  /**
   * Asks for the end of the run because something has gone that it cannot do without, and returns
   * at once.
   *
   * @param reason one clause without a full stop
   */
  public void giveUp(String reason) {
    coordinator.stop(new TopologyOutcome.Unguarded(reason));
  }

  /**
   * Ends the run at once because of a fault in this program, and returns. A thread that waits for
   * the outcome gets the cause.
   */
  public void crash(Throwable cause) {
    coordinator.crash(cause);
  }

  /**
   * Ends the run, if it has not ended, and waits until nothing of it is left, which takes
   * milliseconds, and seconds at the most where QEMU does not end by itself. An interrupt does not
   * keep it from that, and stays set.
   */
  @Override
  public void close() {
    stop();
    boolean interrupted = Thread.interrupted();
    while (!awaitNothingLeft()) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing is left; false if this was interrupted before that. */
  private boolean awaitNothingLeft() {
    try {
      awaitOutcome();
      coordinator.join();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
