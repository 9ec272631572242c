package dev.topology.run;

import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Brings nodes up: spawns their QEMUs, and lets each guest go once all QEMUs are up and the nodes
 * it depends on are ready.
 */
final class Starter {

  private final Roster roster;
  private final Fleet fleet;
  private final Judge judge;
  private final EventLog events;
  private final Loop loop;
  private final CompletableFuture<List<HostPort>> launched;
  private final CompletableFuture<Void> ready;

  Starter(
      Roster roster,
      Fleet fleet,
      Judge judge,
      EventLog events,
      Loop loop,
      CompletableFuture<List<HostPort>> launched,
      CompletableFuture<Void> ready) {
    this.roster = roster;
    this.fleet = fleet;
    this.judge = judge;
    this.events = events;
    this.loop = loop;
    this.launched = launched;
    this.ready = ready;
  }

  /** Spawns a node's QEMU, its guest held; a node that cannot be spawned has failed. */
  void spawn(NodeProgress node, NodeSignals signals) {
    try {
      fleet.spawn(node.plan(), signals);
    } catch (LaunchException e) {
      judge.failed(node, new FailureCause.CouldNotStart(e.what(), Optional.of(e.remedy())));
    }
  }

  /** A QEMU is up, its guest held. */
  void onPaused(NodeProgress node, List<HostPort> ports) {
    if (!node.hasEnded()) {
      node.lead(ports);
      node.advance(NodeState.PAUSED);
    }
  }

  /** Starts what can be started now. To be called after anything that may have changed that. */
  void goOn() {
    if (!launched.isDone() && roster.all(node -> node.isAt(NodeState.PAUSED) || node.hasEnded())) {
      List<HostPort> ports =
          roster.all().stream().flatMap(node -> node.hostPorts().stream()).toList();
      events.add(new RunEvent.Launched(ports));
      launched.complete(ports);
    }
    if (launched.isDone()) {
      roster.all().stream()
          .filter(node -> node.isAt(NodeState.PAUSED) && dependenciesAreReady(node))
          .forEach(this::startGuest);
    }
  }

  private boolean dependenciesAreReady(NodeProgress node) {
    return node.plan().node().dependsOn().stream().allMatch(name -> roster.of(name).hasBeenReady());
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
    if (node.isAt(NodeState.STARTED) && node.commandStatus().isEmpty()) {
      var wanted = node.plan().ready();
      judge.failed(
          node, new FailureCause.NotReadyInTime(Awaited.describe(wanted), wanted.within()));
    }
  }

  /** What makes a node ready has happened. */
  void onReady(NodeProgress node) {
    if (!node.isAt(NodeState.STARTED)) {
      return;
    }
    node.advance(NodeState.READY);
    events.add(new RunEvent.NodeReady(node.name(), node.elapsed()));
    if (roster.all(NodeProgress::hasBeenReady)) {
      ready.complete(null);
    }
  }
}
