package dev.topology.run;

import dev.topology.run.node.NodeRun;
import dev.topology.run.node.RunException.LaunchException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The restarts of nodes that were asked for. Used by the coordinator's thread. */
final class Restarts {

  private final NodeProcesses processes;
  private final EventLog events;
  private final Teardown teardown;
  private final Consumer<NodeRun> spawn;
  private final Map<NodeRun, CompletableFuture<Void>> wanted = new HashMap<>();

  /**
   * @param spawn starts the QEMU of a new run of a node
   */
  Restarts(NodeProcesses processes, EventLog events, Teardown teardown, Consumer<NodeRun> spawn) {
    this.processes = processes;
    this.events = events;
    this.teardown = teardown;
    this.spawn = spawn;
  }

  /** Restarts a node that has ended, once its QEMU is gone: two would have the same cables. */
  void restart(NodeRun node, CompletableFuture<Void> done) {
    if (note(node, done) && node.gone().isDone()) {
      restartIfWanted(node);
    }
  }

  /** Notes that a node is to be restarted; false if that was known. */
  boolean note(NodeRun node, CompletableFuture<Void> done) {
    CompletableFuture<Void> first = wanted.putIfAbsent(node, done);
    if (first != null) {
      var unused = first.thenAccept(done::complete);
    }
    return first == null;
  }

  void restartIfWanted(NodeRun node) {
    CompletableFuture<Void> done = wanted.remove(node);
    if (done == null || teardown.hasBegun()) {
      return;
    }
    try {
      NodeRun next = processes.renew(node);
      events.add(new RunEvent.NodeRestarted(next.name()));
      spawn.accept(next);
      done.complete(null);
    } catch (LaunchException e) {
      // The node stays ended, and the run goes on.
      done.completeExceptionally(e);
    }
  }

  void bootAgain(NodeRun node) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    var unused =
        begun.exceptionally(
            e -> {
              String message = "it rebooted and cannot be booted again: " + e.getMessage();
              events.add(new RunEvent.Warned(node.name(), message));
              return null;
            });
    restart(node, begun);
  }

  /** A node was started in another way: those who asked for a restart have it. */
  void fulfil(NodeRun last) {
    CompletableFuture<Void> done = wanted.remove(last);
    if (done != null) {
      done.complete(null);
    }
  }
}
