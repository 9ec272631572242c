package dev.topology.run;

import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.posix.SystemCallException;
import dev.topology.run.node.FailureCause;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.LaunchException;
import dev.topology.run.node.NodeProgress;
import dev.topology.run.node.NodeSignals;
import dev.topology.run.node.NodeState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Brings nodes up: spawns their QEMUs, and lets each guest go once all QEMUs are up, the nodes it
 * depends on are ready, and there is a place for it.
 *
 * <p>There are about as many places as the host has processors. A booting guest keeps one busy, and
 * many at once come up later than one after the other, or not at all. A guest gives its place back
 * when its init speaks, never when it is ready in the way that the user said: that may be for a
 * node that waits for a place.
 */
final class Starter {

  /** How long a guest that may never speak holds a place. */
  private static final Duration SILENT_BOOT = Duration.ofSeconds(5);

  /** How long a guest that is to speak holds one: many times what a boot takes on a busy host. */
  private static final Duration LONGEST_BOOT = Duration.ofSeconds(30);

  private final Roster roster;
  private final Fleet fleet;
  private final Judge judge;
  private final EventLog events;
  private final Loop loop;
  private final CompletableFuture<List<HostPort>> launched;
  private final CompletableFuture<Void> ready;
  private final int places;
  private final Set<NodeProgress> booting = new HashSet<>();

  Starter(
      Roster roster,
      Fleet fleet,
      Judge judge,
      EventLog events,
      Loop loop,
      CompletableFuture<List<HostPort>> launched,
      CompletableFuture<Void> ready,
      int places) {
    this.roster = roster;
    this.fleet = fleet;
    this.judge = judge;
    this.events = events;
    this.loop = loop;
    this.launched = launched;
    this.ready = ready;
    this.places = places;
  }

  /** Spawns a node's QEMU, its guest held; a node that cannot be spawned has failed. */
  void spawn(NodeProgress node, NodeSignals signals) {
    try {
      fleet.spawn(node.plan(), signals);
    } catch (LaunchException e) {
      boolean hostRefused = e.getCause() instanceof SystemCallException;
      judge.failed(
          node, new FailureCause.CouldNotStart(e.what(), Optional.of(e.remedy()), hostRefused));
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
      booting.removeIf(node -> node.isAt(NodeState.READY) || node.hasEnded());
      roster.all().stream()
          .filter(node -> node.isAt(NodeState.PAUSED) && dependenciesAreReady(node))
          .limit(Math.max(0, places - booting.size()))
          .toList()
          .forEach(this::startGuest);
    }
  }

  /** Its init speaks: the most expensive part of its boot is behind it. */
  void onHello(NodeProgress node) {
    booting.remove(node);
  }

  private void takePlace(NodeProgress node) {
    boolean speaks = node.plan().ready().signal() instanceof Signal.Control;
    booting.add(node);
    loop.after(
        speaks ? LONGEST_BOOT : SILENT_BOOT,
        () -> {
          booting.remove(node);
          goOn();
        });
  }

  private boolean dependenciesAreReady(NodeProgress node) {
    return node.plan().node().dependsOn().stream().allMatch(name -> roster.of(name).hasBeenReady());
  }

  private void startGuest(NodeProgress node) {
    node.advance(NodeState.STARTED);
    events.add(new RunEvent.NodeStarted(node.name()));
    fleet.resume(node.name());
    takePlace(node);
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
