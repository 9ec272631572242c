package dev.topology.run;

import dev.topology.run.node.LaunchException;
import dev.topology.run.node.NodeProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Gives nodes another life once the QEMU of the last one has gone: two at once would have the same
 * cables.
 */
final class Restarts {

  private final Roster roster;
  private final Teardown teardown;
  private final EventLog events;
  private final Consumer<NodeProgress> spawn;
  private final Map<NodeProgress, CompletableFuture<Void>> wanted = new HashMap<>();

  Restarts(Roster roster, Teardown teardown, EventLog events, Consumer<NodeProgress> spawn) {
    this.roster = roster;
    this.teardown = teardown;
    this.events = events;
    this.spawn = spawn;
  }

  /**
   * Restarts a node that has ended, when its QEMU is gone. Whoever asks meanwhile gets the same
   * restart.
   */
  void want(NodeProgress node, CompletableFuture<Void> done) {
    CompletableFuture<Void> first = wanted.putIfAbsent(node, done);
    if (first != null) {
      var unused = first.thenAccept(done::complete);
    } else if (node.gone().isDone()) {
      onGone(node);
    }
  }

  /** A QEMU has gone; nothing is restarted in a run that ends. */
  void onGone(NodeProgress node) {
    CompletableFuture<Void> done = wanted.remove(node);
    if (done == null || teardown.hasBegun()) {
      return;
    }
    try {
      NodeProgress next = roster.renew(node);
      events.add(new RunEvent.NodeRestarted(next.name()));
      spawn.accept(next);
      done.complete(null);
    } catch (LaunchException e) {
      // It stays as it ended, and the run goes on.
      done.completeExceptionally(e);
    }
  }
}
