package dev.topology.run;

import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.PlanChange;
import dev.topology.plan.PlanComparison;
import dev.topology.plan.SavedRun;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.cable.CableHost;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.text.HumanText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final String FAULT = "the run broke off by a fault of its own";

  private final Coordinator coordinator;

  /** Those that there are no more included: if one comes back, it is the same. */
  private final Map<String, RunningNode> allNodes = new ConcurrentHashMap<>();

  private volatile Map<String, RunningNode> nodes = Map.of();
  private volatile Map<String, RunningCable> cables = Map.of();

  private RunningTopology(Coordinator coordinator) {
    this.coordinator = coordinator;
    look();
    coordinator.transition().onChange(this::look);
  }

  /** Sees which nodes and cables there are. */
  private void look() {
    Map<String, RunningNode> nodesNow = new LinkedHashMap<>();
    for (NodePlan node : plan().nodes()) {
      nodesNow.put(
          node.name(),
          allNodes.computeIfAbsent(
              node.name(), it -> new RunningNode(node, coordinator, TAIL_LINES)));
    }
    Map<String, RunningCable> cablesNow = new LinkedHashMap<>();
    for (CableHost host : coordinator.processes().cabling().hosts()) {
      cablesNow.put(host.cable().name(), cableOf(host));
    }
    nodes = nodesNow;
    cables = cablesNow;
  }

  private RunningCable cableOf(CableHost host) {
    return cables.values().stream()
        .filter(it -> it.isOf(host))
        .findFirst()
        .orElseGet(() -> new RunningCable(allNodes, host, coordinator.events()::add));
  }

  /**
   * Brings a topology up. Returns at once; the listener is told what happens.
   *
   * @param plan its run directory exists, and the caller has locked it
   * @throws LaunchException if the host cannot start any part of it
   */
  public static RunningTopology start(LaunchPlan plan, RunListener listener) {
    return start(plan, listener, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Brings a topology up.
   *
   * @param places how many guests may boot at the same time
   * @throws LaunchException if the host cannot start any part of it
   */
  static RunningTopology start(LaunchPlan plan, RunListener listener, int places) {
    NodeProcesses processes = NodeProcesses.prepare(plan, listener);
    Coordinator coordinator = new Coordinator(plan, processes, listener, places);
    RunningTopology running = new RunningTopology(coordinator);
    processes.revival().ifPresent(it -> it.cut().forEach(name -> running.cable(name).noteCut()));
    coordinator.start();
    return running;
  }

  /** The topology that runs. */
  public Topology topology() {
    return plan().topology();
  }

  /** The plan that it carries out. */
  public LaunchPlan plan() {
    return coordinator.processes().plan();
  }

  /**
   * What {@link #apply} would do, in the order in which it should be read. Blocks while the files
   * of nodes are looked at.
   *
   * @throws RunEndedException if the run is over
   */
  public List<PlanChange> changesTo(LaunchPlan other) throws InterruptedException {
    return await(coordinator.transition().preview(own(other)));
  }

  /**
   * Carries out another plan, with as little as possible done to what runs: see {@link
   * PlanComparison}. Returns what was done when the nodes that start are being started; {@link
   * #awaitReady} then waits for them. The handles of nodes and cables that stay are still good, and
   * so are those of a node that is restarted.
   *
   * <p>A node whose QEMU cannot be started is failed, and the run goes on; {@link #awaitReady}
   * throws. A node that fails later fails the run as any.
   *
   * @param other of a topology of the same name, in the same run directory
   * @throws LaunchException if the host lets it not be done, or not all of it, as the message says
   * @throws RunEndedException if the run is over
   * @throws IllegalStateException if another plan is being carried out
   */
  public List<PlanChange> apply(LaunchPlan other) throws InterruptedException {
    return await(coordinator.transition().begin(own(other)));
  }

  private LaunchPlan own(LaunchPlan other) {
    if (!other.topology().name().equals(topology().name())
        || !other.runDirectory().equals(plan().runDirectory())) {
      throw new IllegalArgumentException(
          "the plan is of \"" + other.topology().name() + "\", not of this run");
    }
    return other;
  }

  /**
   * Saves the whole run, with the frames on its cables, as it is at one moment. All nodes stand
   * still for a while; then they go on. A plan that {@linkplain
   * dev.topology.plan.Planner.PlanOptions#restoring restores} it brings all back, with their
   * connections to each other; those to the host, and programs run from there, are over. Blocks.
   *
   * @param directory is empty, and open to this user alone; if this fails, half of it may be there
   * @throws IllegalStateException if a node is not ready, does not run, or has what cannot be saved
   * @throws LaunchException if files cannot be written; the run goes on
   * @throws NodeEndedException if a node ends meanwhile
   */
  public SavedRun checkpoint(Path directory) throws InterruptedException {
    return coordinator.checkpointing().save(directory, this);
  }

  private static List<PlanChange> await(CompletableFuture<List<PlanChange>> changes)
      throws InterruptedException {
    try {
      return changes.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RunException known) {
        throw known.again();
      }
      throw e.getCause() instanceof IllegalStateException refused
          ? new IllegalStateException(refused.getMessage(), refused)
          : new IllegalStateException(FAULT, e.getCause());
    }
  }

  /**
   * The node of that name.
   *
   * @throws UnknownNameException if there is none; the message lists all names, the most similar
   *     first
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
   * @throws UnknownNameException if there is none; the message lists all names, the most similar
   *     first
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

  /** The host port that leads to a port of a node: see {@link RunningNode#hostPort}. */
  public int hostPort(String node, int guestPort) throws InterruptedException {
    return node(node).hostPort(guestPort);
  }

  /** All events so far, in order; only the last 10,000 are kept. */
  public List<RunEvent> events() {
    return coordinator.events().soFar();
  }

  /** All events, with their times. */
  public EventLog eventLog() {
    return coordinator.events();
  }

  /**
   * Tells a listener all events in order: those so far at once, on this thread, and later ones as
   * {@link RunListener} describes. The listener must return soon, must not throw, and must not wait
   * for the run.
   */
  public void onEvent(Consumer<RunEvent> listener) {
    coordinator.events().addListener(listener);
  }

  /**
   * The host ports that lead to guests, in the order of the file. A node that is restarted has the
   * same ports again, unless another program has taken one in the meantime. Completes when every
   * QEMU is up; completes exceptionally, with a {@link RunEndedException}, if the run ends first.
   */
  public CompletableFuture<List<HostPort>> hostPorts() {
    return coordinator
        .starter()
        .launched()
        .thenApply(
            first ->
                plan().nodes().stream()
                    .flatMap(node -> coordinator.processes().node(node.name()).hostPorts().stream())
                    .toList());
  }

  /**
   * Completes when every node has become ready; completes exceptionally, with a {@link
   * RunEndedException}, if the run ends first.
   */
  public CompletableFuture<Void> ready() {
    return coordinator.starter().ready().copy();
  }

  /**
   * Waits until every node is ready. The limits of the nodes' {@code ready:} limit this wait: a
   * node that is not ready in time fails, and ends the run.
   *
   * @throws RunEndedException if the run ends first; the message has the failed node's report
   * @throws NodeEndedException if a node is killed before it is ready
   */
  public void awaitReady() throws InterruptedException {
    awaitReady(Duration.ofDays(1));
  }

  /**
   * Waits until every node is ready: see {@link #awaitReady()}.
   *
   * @param deadline how long to wait
   * @throws OutOfTimeException if not all nodes are ready by then; the run goes on
   */
  public void awaitReady(Duration deadline) throws InterruptedException {
    RunException.await(
        coordinator.starter().ready(),
        deadline,
        () ->
            topology().name()
                + " took longer than "
                + HumanText.duration(deadline)
                + " before every node was ready: "
                + unready(),
        FAULT);
  }

  private String unready() {
    return nodes().stream()
        .filter(node -> node.state() != NodeState.READY)
        .map(node -> node.name() + " is " + node.state().toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /** How the run ended; empty until it has ended. */
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
      throw new IllegalStateException(FAULT, e.getCause());
    }
  }

  /**
   * Waits for the end of the run, and ends it after a time.
   *
   * @throws InterruptedException if this thread is interrupted; the run goes on
   */
  public TopologyOutcome awaitOutcome(Duration limit) throws InterruptedException {
    try {
      coordinator.teardown().over().copy().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      coordinator.stop(new TopologyOutcome.OutOfTime(limit));
    } catch (ExecutionException e) {
      throw new IllegalStateException(FAULT, e.getCause());
    }
    return awaitOutcome();
  }

  /** Asks for the end of the run, and returns at once. Does nothing if it is ending already. */
  public void stop() {
    coordinator.stop(new TopologyOutcome.Stopped());
  }

  /**
   * Asks for the end of the run because something that it needs is gone, and returns at once.
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
   * Ends the run, if it has not ended, and waits until none of its processes is left: milliseconds,
   * or a few seconds if a QEMU does not end by itself. An interrupt does not stop it; the thread
   * stays interrupted.
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
