package dev.topology.run;

import dev.topology.guest.GuestMessage;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.posix.ExitStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides what happens next in a run.
 *
 * <p>All of its state belongs to one thread, the {@link Loop}: whatever the readers of consoles,
 * control ports, QMP and exits have to say is handed over to it, so that there is one order of
 * events and exactly one first failure. It never blocks on a guest.
 */
final class Coordinator {

  /** How long a QEMU may take to end on SIGTERM (measured: 7 ms) before it is killed. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** How long QEMU may take to end once its guest has panicked, or a conversation broke. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final LaunchPlan plan;
  private final EventLog events = new EventLog();
  private final Loop loop;
  private final Goal goal;
  private final Fleet fleet;
  private final Map<String, NodeProgress> states = new LinkedHashMap<>();
  private final List<HostPort> hostPorts = new ArrayList<>();
  private final List<NodeProgress> stopped = new ArrayList<>();
  private final long createdAt = System.nanoTime();
  private final CompletableFuture<List<HostPort>> launched = new CompletableFuture<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<TopologyOutcome> over = new CompletableFuture<>();

  private volatile Optional<Ending> ending = Optional.empty();

  /** Why the run is ending: without a failed node, what to say of it is known at once. */
  private record Ending(Optional<NodeProgress> failed, Optional<TopologyOutcome> outcome) {}

  Coordinator(LaunchPlan plan, Fleet fleet, RunListener listener) {
    this.plan = plan;
    this.fleet = fleet;
    events.addListener(listener::happened);
    plan.nodes().forEach(node -> states.put(node.name(), new NodeProgress(node)));
    this.goal = new Goal(plan.topology());
    this.loop = new Loop("topology-" + plan.topology().name(), this::crashed);
  }

  CompletableFuture<List<HostPort>> launched() {
    return launched;
  }

  CompletableFuture<Void> ready() {
    return ready;
  }

  CompletableFuture<TopologyOutcome> over() {
    return over;
  }

  void start() {
    loop.post(this::launch);
    var unused =
        fleet.guardLost().thenAccept(status -> loop.post(() -> onGuardLost(status.description())));
  }

  /** Waits until its thread has ended, up to two seconds; the run has to be over. */
  void join() throws InterruptedException {
    loop.join();
  }

  EventLog events() {
    return events;
  }

  Fleet fleet() {
    return fleet;
  }

  /** Asks for the end of the run; the first one who asks is heard. */
  void stop(TopologyOutcome why) {
    loop.post(() -> end(new Ending(Optional.empty(), Optional.of(why))));
  }

  private void launch() {
    for (NodePlan node : plan.nodes()) {
      if (ending.isPresent()) {
        return;
      }
      NodeProgress state = progressOf(node.name());
      try {
        fleet.spawn(node, new Inbox(state));
      } catch (LaunchException e) {
        settle(
            state,
            new NodeOutcome.Failed(
                new FailureCause.CouldNotStart(e.what(), Optional.of(e.remedy()))));
      }
    }
  }

  /** Puts what a node's readers say on the coordinator's own thread. */
  private final class Inbox implements NodeSignals {

    private final NodeProgress node;

    Inbox(NodeProgress node) {
      this.node = node;
    }

    @Override
    public void paused(List<HostPort> ports) {
      loop.post(() -> onPaused(node, ports));
    }

    @Override
    public void said(GuestMessage message) {
      loop.post(() -> onSaid(node, message));
    }

    @Override
    public void conditionMet() {
      loop.post(() -> onReady(node));
    }

    @Override
    public void panicked(String line) {
      loop.post(() -> onPanic(node, line));
    }

    @Override
    public void broke(String reason) {
      loop.after(LAST_WORDS, () -> settleUnlessEnded(node, new FailureCause.OutOfControl(reason)));
    }

    @Override
    public void exited(ExitStatus status) {
      loop.post(() -> onExit(node, status));
    }

    @Override
    public void warned(String message) {
      loop.post(() -> events.add(new RunEvent.Warned(node.name(), message)));
    }
  }

  private void onPaused(NodeProgress node, List<HostPort> ports) {
    if (node.hasEnded()) {
      return;
    }
    hostPorts.addAll(ports);
    node.advance(NodeState.PAUSED);
    releaseOnceAllAreUp();
  }

  private void releaseOnceAllAreUp() {
    if (!launched.isDone()
        && states.values().stream()
            .allMatch(node -> node.isAt(NodeState.PAUSED) || node.hasEnded())) {
      events.add(new RunEvent.Launched(inFileOrder(hostPorts)));
      launched.complete(inFileOrder(hostPorts));
      startWhatCanStart();
    }
  }

  /** QEMUs answer in any order; people read ports in the order of their file. */
  private List<HostPort> inFileOrder(List<HostPort> ports) {
    return plan.nodes().stream()
        .flatMap(node -> ports.stream().filter(port -> port.node().equals(node.name())))
        .toList();
  }

  private void startWhatCanStart() {
    for (NodeProgress node : states.values()) {
      if (node.isAt(NodeState.PAUSED) && dependenciesAreReady(node)) {
        startGuest(node);
      }
    }
  }

  private boolean dependenciesAreReady(NodeProgress node) {
    return node.plan().node().dependsOn().stream()
        .allMatch(name -> progressOf(name).hasBeenReady());
  }

  private void startGuest(NodeProgress node) {
    node.advance(NodeState.STARTED);
    events.add(new RunEvent.NodeStarted(node.name()));
    fleet.resume(node.name());
    if (node.plan().ready().signal() instanceof Signal.Running) {
      onReady(node);
    } else {
      Duration within = node.plan().ready().within();
      loop.after(within, () -> onDeadline(node));
    }
  }

  private void onDeadline(NodeProgress node) {
    if (node.isAt(NodeState.STARTED)) {
      var ready = node.plan().ready();
      settle(
          node,
          new NodeOutcome.Failed(
              new FailureCause.NotReadyInTime(Awaited.describe(ready), ready.within())));
    }
  }

  private void onReady(NodeProgress node) {
    if (!node.isAt(NodeState.STARTED)) {
      return;
    }
    node.advance(NodeState.READY);
    events.add(new RunEvent.NodeReady(node.name(), node.elapsed()));
    if (states.values().stream().allMatch(NodeProgress::hasBeenReady)) {
      ready.complete(null);
    }
    startWhatCanStart();
  }

  private void onSaid(NodeProgress node, GuestMessage message) {
    if (node.hasEnded()) {
      return;
    }
    if (message instanceof GuestMessage.Ready
        && node.plan().ready().signal() instanceof Signal.Control) {
      onReady(node);
    } else if (message instanceof GuestMessage.Exit exit) {
      settle(node, Verdict.ofCommand(node, exit.status()));
    } else if (message instanceof GuestMessage.Failure failure) {
      settle(node, new NodeOutcome.Failed(new FailureCause.GuestError(failure.text())));
    }
  }

  private void onPanic(NodeProgress node, String line) {
    node.notePanic(line);
    loop.after(LAST_WORDS, () -> settleUnlessEnded(node, new FailureCause.GuestPanicked(line)));
  }

  /** For what usually ends QEMU too, whose exit then says more. */
  private void settleUnlessEnded(NodeProgress node, FailureCause cause) {
    if (!node.hasEnded()) {
      settle(node, new NodeOutcome.Failed(cause));
    }
  }

  private void onExit(NodeProgress node, ExitStatus status) {
    fleet.gone(node.name());
    if (!node.hasEnded()) {
      settle(node, Verdict.ofExit(node, status, fleet.stderrOf(node.name())));
    }
    node.leave();
    finishIfAllAreGone();
  }

  /** Takes a node's power away; the run goes on without it. */
  void kill(NodeProgress node) {
    loop.post(
        () -> {
          if (!node.hasEnded()) {
            stop(node);
            fleet.kill(node.name());
            releaseOnceAllAreUp();
          }
        });
  }

  private void stop(NodeProgress node) {
    NodeOutcome outcome = new NodeOutcome.Stopped();
    node.end(outcome);
    events.add(new RunEvent.NodeEnded(node.name(), outcome, node.elapsed()));
    if (!node.hasBeenReady()) {
      ready.completeExceptionally(
          new NodeEndedException(
              node.name(), outcome, node.name() + " was killed before it was ready"));
    }
  }

  /** What made the whole run end, if something has. */
  Optional<String> firstFailure() {
    return ending
        .flatMap(Ending::failed)
        .flatMap(NodeProgress::outcome)
        .map(NodeOutcome.Failed.class::cast)
        .map(
            failed -> ending.get().failed().get().name() + " failed: " + failed.cause().describe());
  }

  private void onGuardLost(String how) {
    String reason =
        "the process that ends its QEMUs should this one die has gone (" + how + "); who ended it?";
    end(new Ending(Optional.empty(), Optional.of(new TopologyOutcome.Unguarded(reason))));
  }

  /** A node has ended by itself: the run goes on, is over, or has failed. */
  private void settle(NodeProgress node, NodeOutcome outcome) {
    node.end(outcome);
    events.add(new RunEvent.NodeEnded(node.name(), outcome, node.elapsed()));
    if (outcome instanceof NodeOutcome.Failed) {
      end(new Ending(Optional.of(node), Optional.empty()));
    } else if (goal.isReached(this::isDone)) {
      end(new Ending(Optional.empty(), Optional.of(new TopologyOutcome.Done())));
    } else {
      startWhatCanStart();
    }
  }

  private boolean isDone(String name) {
    return progressOf(name).outcome().filter(NodeOutcome.Done.class::isInstance).isPresent();
  }

  private void end(Ending why) {
    if (ending.isPresent()) {
      return;
    }
    ending = Optional.of(why);
    for (NodeProgress node : states.values()) {
      if (!node.hasEnded()) {
        node.end(new NodeOutcome.Stopped());
        stopped.add(node);
      }
    }
    fleet.terminateAll();
    loop.after(GRACE, fleet::killAll);
    finishIfAllAreGone();
  }

  private void finishIfAllAreGone() {
    if (ending.isPresent() && fleet.isGone() && !over.isDone()) {
      finish(ending.get());
    }
  }

  private void finish(Ending why) {
    for (NodeProgress node : stopped) {
      events.add(new RunEvent.NodeEnded(node.name(), new NodeOutcome.Stopped(), node.elapsed()));
    }
    TopologyOutcome outcome =
        why.outcome()
            .orElseGet(() -> new TopologyOutcome.Failed(report(why.failed().orElseThrow())));
    complete(outcome);
  }

  private void complete(TopologyOutcome outcome) {
    fleet.close();
    states.values().forEach(NodeProgress::leave);
    Duration after = Duration.ofNanos(System.nanoTime() - createdAt);
    events.add(new RunEvent.Over(outcome, after));
    launched.completeExceptionally(new RunEndedException(outcome));
    ready.completeExceptionally(new RunEndedException(outcome));
    over.complete(outcome);
    loop.end();
  }

  private FailureReport report(NodeProgress node) {
    NodeOutcome.Failed failed = (NodeOutcome.Failed) node.outcome().orElseThrow();
    return fleet.report(node.plan(), failed.cause(), node.elapsed());
  }

  NodeProgress progressOf(String name) {
    NodeProgress state = states.get(name);
    if (state == null) {
      throw new IllegalStateException("no node " + name);
    }
    return state;
  }

  /** A bug, or a host that refuses something vital: nothing may be left running all the same. */
  private void crashed(Throwable cause) {
    fleet.killAll();
    fleet.close();
    states.values().forEach(NodeProgress::leave);
    launched.completeExceptionally(cause);
    ready.completeExceptionally(cause);
    over.completeExceptionally(cause);
    loop.end();
  }
}
