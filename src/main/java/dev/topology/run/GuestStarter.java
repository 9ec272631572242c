package dev.topology.run;

import dev.topology.plan.NodePlan.ReadyWhen;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.Start;
import dev.topology.run.exec.StartCommands;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.NodeEndedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Starts the guests, each of which is paused until all QEMUs are up, the nodes that it depends on
 * are ready, and there is a place for it to boot. Used by the coordinator's thread.
 *
 * <p>There are about as many places as the host has processors. A booting guest keeps one busy, and
 * many at once come up later than one after the other, or not at all. A guest gives its place back
 * when its init says hello, not when it is ready as the file defines it: it may become ready only
 * by a node that still waits for a place.
 */
final class GuestStarter {

  /** How long a guest holds a place whose image may never say hello. */
  private static final Duration SILENT_BOOT = Duration.ofSeconds(5);

  /** How long a guest holds a place whose image says hello: many times a boot on a busy host. */
  private static final Duration LONGEST_BOOT = Duration.ofSeconds(30);

  private final NodeProcesses processes;
  private final EventLog events;
  private final Loop loop;
  private final int places;
  private final BiConsumer<NodeRun, FailureCause> fail;
  private final Teardown teardown;
  private final CompletableFuture<List<HostPort>> launched;
  private volatile CompletableFuture<Void> ready;
  private final Set<NodeRun> booting = new HashSet<>();

  /** Nodes that had ended before they were ready when the file was changed. */
  private final Set<NodeRun> excused = new HashSet<>();

  /** Nodes whose {@code exec} is not done, and whether all else that makes them ready is. */
  private final Map<NodeRun, Boolean> executing = new HashMap<>();

  /**
   * @param places how many guests may boot at once
   * @param fail takes a node that was not ready in time
   */
  GuestStarter(
      NodeProcesses processes,
      EventLog events,
      Loop loop,
      Teardown teardown,
      int places,
      BiConsumer<NodeRun, FailureCause> fail) {
    this.processes = processes;
    this.events = events;
    this.loop = loop;
    this.places = places;
    this.teardown = teardown;
    this.fail = fail;
    this.launched = teardown.endingWithTheRun();
    this.ready = teardown.endingWithTheRun();
  }

  /** Completes once every QEMU is up; exceptionally if the run ends before. */
  CompletableFuture<List<HostPort>> launched() {
    return launched;
  }

  /** Completes once every node is ready; exceptionally if the run ends before. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Starts what can be started now. The loop has it called after each of its tasks. */
  void startGuests() {
    List<NodeRun> nodes = processes.nodes();
    if (!launched.isDone()
        && nodes.stream().allMatch(node -> node.isAt(NodeState.PAUSED) || node.hasEnded())) {
      List<HostPort> ports = nodes.stream().flatMap(node -> node.hostPorts().stream()).toList();
      events.add(new RunEvent.Launched(ports));
      launched.complete(ports);
    }
    if (launched.isDone()) {
      booting.removeIf(node -> node.isAt(NodeState.READY) || node.hasEnded());
      executing.keySet().removeIf(NodeRun::hasEnded);
      goOn(nodes.stream().filter(GuestStarter::isLoaded).toList());
      nodes.stream()
          .filter(node -> node.isAt(NodeState.PAUSED) && dependenciesAreReady(node))
          .limit(Math.max(0, places - booting.size()))
          .toList()
          .forEach(this::start);
    }
  }

  private static boolean isLoaded(NodeRun node) {
    return node.isAt(NodeState.PAUSED) && node.plan().start() instanceof Start.Restored;
  }

  /** All guests of a run that was saved go on together, as they stopped together. */
  private void goOn(List<NodeRun> loaded) {
    if (!loaded.isEmpty()) {
      processes.revival().ifPresent(Revival::close);
      for (NodeRun node : loaded) {
        node.advance(NodeState.STARTED);
        events.add(new RunEvent.NodeStarted(node.name()));
        processes.resume(node);
        ReadyWhen wanted = node.plan().ready();
        loop.after(wanted.within(), () -> onDeadline(node, wanted));
      }
    }
  }

  private boolean dependenciesAreReady(NodeRun node) {
    return node.plan().node().dependsOn().stream()
        .allMatch(name -> processes.node(name).hasBeenReady());
  }

  private void start(NodeRun node) {
    node.advance(NodeState.STARTED);
    events.add(new RunEvent.NodeStarted(node.name()));
    processes.resume(node);
    ReadyWhen wanted = node.plan().ready();
    booting.add(node);
    loop.after(
        wanted.signal() instanceof Signal.Control ? LONGEST_BOOT : SILENT_BOOT,
        () -> booting.remove(node));
    if (!node.plan().node().exec().isEmpty()) {
      executing.put(node, wanted.signal() instanceof Signal.Running);
    } else if (wanted.signal() instanceof Signal.Running) {
      onReady(node);
      return;
    }
    loop.after(wanted.within(), () -> onDeadline(node, wanted));
  }

  /** Its init says hello: the most expensive part of its boot is over. */
  void onHello(NodeRun node) {
    booting.remove(node);
    if (node.plan().ready().signal() instanceof Signal.Hello) {
      onReady(node);
    }
  }

  /** Its init has set it up as it was told. */
  void onSetUp(NodeRun node) {
    booting.remove(node);
    if (StartCommands.hasSome(node.plan().node()) && node.isAt(NodeState.STARTED)) {
      processes.runStartCommands(node, new CommandsInbox(node));
    }
    if (node.plan().ready().signal() instanceof Signal.Control) {
      onReady(node);
    }
  }

  /** Hands what came of a node's commands to the thread that decides. */
  private final class CommandsInbox implements StartCommands.Listener {

    private final NodeRun node;

    CommandsInbox(NodeRun node) {
      this.node = node;
    }

    @Override
    public void executed() {
      loop.post(() -> onExecuted(node));
    }

    @Override
    public void failed(FailureCause cause) {
      loop.post(() -> fail.accept(node, cause));
    }

    @Override
    public void succeeded() {
      loop.post(() -> onReady(node));
    }
  }

  /** All commands of its {@code exec} have succeeded. */
  private void onExecuted(NodeRun node) {
    boolean waits = Boolean.TRUE.equals(executing.remove(node));
    if (waits) {
      onReady(node);
    }
  }

  private void onDeadline(NodeRun node, ReadyWhen wanted) {
    if (node.isAt(NodeState.STARTED) && node.notes().commandStatus().isEmpty()) {
      fail.accept(node, new FailureCause.NotReadyInTime(Outcomes.awaited(node), wanted.within()));
    }
  }

  /** What makes a node ready has happened; it is ready once its {@code exec} is done as well. */
  void onReady(NodeRun node) {
    if (executing.replace(node, true) != null || !node.isAt(NodeState.STARTED)) {
      return;
    }
    node.advance(NodeState.READY);
    events.add(new RunEvent.NodeReady(node.name(), node.elapsed()));
    noteIfAllAreReady();
  }

  private void noteIfAllAreReady() {
    if (processes.nodes().stream().allMatch(it -> it.hasBeenReady() || excused.contains(it))) {
      ready.complete(null);
    }
  }

  /** Those who wait for all nodes wait in vain: one has ended. */
  void giveUp(NodeRun node, NodeOutcome outcome, String message) {
    ready.completeExceptionally(new NodeEndedException(node.name(), outcome, message));
  }

  /**
   * There are other nodes now, or other runs of them: all are ready when each of them is, but for
   * those that have ended and stay so.
   */
  void expectOthers() {
    excused.clear();
    processes.nodes().stream().filter(NodeRun::hasEnded).forEach(excused::add);
    if (ready.isDone()) {
      ready = teardown.endingWithTheRun();
    }
    noteIfAllAreReady();
  }
}
