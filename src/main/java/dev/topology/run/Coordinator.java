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
  private final RunListener listener;
  private final Loop loop;
  private final Goal goal;
  private final Fleet fleet;
  private final Map<String, NodeState> states = new LinkedHashMap<>();
  private final List<HostPort> hostPorts = new ArrayList<>();
  private final long createdAt = System.nanoTime();
  private final CompletableFuture<List<HostPort>> launched = new CompletableFuture<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<TopologyOutcome> over = new CompletableFuture<>();

  private Optional<Ending> ending = Optional.empty();

  /** Why the run is ending: without a failed node, what to say of it is known at once. */
  private record Ending(Optional<NodeState> failed, Optional<TopologyOutcome> outcome) {}

  Coordinator(LaunchPlan plan, Fleet fleet, RunListener listener) {
    this.plan = plan;
    this.fleet = fleet;
    this.listener = listener;
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
      NodeState state = new NodeState(node);
      states.put(node.name(), state);
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

    private final NodeState node;

    Inbox(NodeState node) {
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
      loop.post(() -> listener.happened(new RunEvent.Warned(node.name(), message)));
    }
  }

  private void onPaused(NodeState node, List<HostPort> ports) {
    if (node.hasEnded()) {
      return;
    }
    hostPorts.addAll(ports);
    node.advance(NodeState.Phase.PAUSED);
    if (states.size() == plan.nodes().size()
        && states.values().stream().allMatch(state -> state.isAt(NodeState.Phase.PAUSED))) {
      listener.happened(new RunEvent.Launched(inFileOrder(hostPorts)));
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
    for (NodeState node : states.values()) {
      if (node.isAt(NodeState.Phase.PAUSED) && dependenciesAreReady(node)) {
        startGuest(node);
      }
    }
  }

  private boolean dependenciesAreReady(NodeState node) {
    return node.plan().node().dependsOn().stream().allMatch(name -> stateOf(name).hasBeenReady());
  }

  private void startGuest(NodeState node) {
    node.advance(NodeState.Phase.STARTED);
    listener.happened(new RunEvent.NodeStarted(node.name()));
    fleet.resume(node.name());
    if (node.plan().ready().signal() instanceof Signal.Running) {
      onReady(node);
    } else {
      Duration within = node.plan().ready().within();
      loop.after(within, () -> onDeadline(node));
    }
  }

  private void onDeadline(NodeState node) {
    if (node.isAt(NodeState.Phase.STARTED)) {
      var ready = node.plan().ready();
      settle(
          node,
          new NodeOutcome.Failed(
              new FailureCause.NotReadyInTime(Awaited.describe(ready), ready.within())));
    }
  }

  private void onReady(NodeState node) {
    if (!node.isAt(NodeState.Phase.STARTED)) {
      return;
    }
    node.advance(NodeState.Phase.READY);
    listener.happened(new RunEvent.NodeReady(node.name(), node.elapsed()));
    if (states.values().stream().allMatch(NodeState::hasBeenReady)) {
      ready.complete(null);
    }
    startWhatCanStart();
  }

  private void onSaid(NodeState node, GuestMessage message) {
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

  private void onPanic(NodeState node, String line) {
    node.notePanic(line);
    loop.after(LAST_WORDS, () -> settleUnlessEnded(node, new FailureCause.GuestPanicked(line)));
  }

  /** For what usually ends QEMU too, whose exit then says more. */
  private void settleUnlessEnded(NodeState node, FailureCause cause) {
    if (!node.hasEnded()) {
      settle(node, new NodeOutcome.Failed(cause));
    }
  }

  private void onExit(NodeState node, ExitStatus status) {
    fleet.gone(node.name());
    if (!node.hasEnded()) {
      settle(node, Verdict.ofExit(node, status, fleet.stderrOf(node.name())));
    }
    finishIfAllAreGone();
  }

  /** A node has ended by itself: the run goes on, is over, or has failed. */
  private void settle(NodeState node, NodeOutcome outcome) {
    node.end(outcome);
    listener.happened(new RunEvent.NodeEnded(node.name(), outcome, node.elapsed()));
    if (outcome instanceof NodeOutcome.Failed) {
      end(new Ending(Optional.of(node), Optional.empty()));
    } else if (goal.isReached(this::isDone)) {
      end(new Ending(Optional.empty(), Optional.of(new TopologyOutcome.Done())));
    } else {
      startWhatCanStart();
    }
  }

  private boolean isDone(String name) {
    return stateOf(name).outcome().filter(NodeOutcome.Done.class::isInstance).isPresent();
  }

  private void end(Ending why) {
    if (ending.isPresent()) {
      return;
    }
    ending = Optional.of(why);
    for (NodeState node : states.values()) {
      if (!node.hasEnded()) {
        node.end(new NodeOutcome.Stopped());
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
    for (NodeState node : states.values()) {
      if (node.outcome().filter(NodeOutcome.Stopped.class::isInstance).isPresent()) {
        listener.happened(
            new RunEvent.NodeEnded(node.name(), new NodeOutcome.Stopped(), node.elapsed()));
      }
    }
    TopologyOutcome outcome =
        why.outcome()
            .orElseGet(() -> new TopologyOutcome.Failed(report(why.failed().orElseThrow())));
    complete(outcome);
  }

  private void complete(TopologyOutcome outcome) {
    fleet.close();
    Duration after = Duration.ofNanos(System.nanoTime() - createdAt);
    listener.happened(new RunEvent.Over(outcome, after));
    launched.completeExceptionally(new RunEndedException(outcome));
    ready.completeExceptionally(new RunEndedException(outcome));
    over.complete(outcome);
    loop.end();
  }

  private FailureReport report(NodeState node) {
    NodeOutcome.Failed failed = (NodeOutcome.Failed) node.outcome().orElseThrow();
    return fleet.report(node.plan(), failed.cause(), node.elapsed());
  }

  private NodeState stateOf(String name) {
    NodeState state = states.get(name);
    if (state == null) {
      throw new IllegalStateException("no node " + name);
    }
    return state;
  }

  /** A bug, or a host that refuses something vital: nothing may be left running all the same. */
  private void crashed(Throwable cause) {
    fleet.killAll();
    fleet.close();
    launched.completeExceptionally(cause);
    ready.completeExceptionally(cause);
    over.completeExceptionally(cause);
    loop.end();
  }
}
