package dev.topology.run;

import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Ends a run: once, for the first reason, and so that nothing of it is left. Used by the
 * coordinator's thread, except where a method says otherwise.
 */
final class Teardown {

  private final NodeProcesses processes;
  private final EventLog events;
  private final Loop loop;
  private final PowerOff power;
  private final CompletableFuture<TopologyOutcome> over = new CompletableFuture<>();
  private final List<NodeRun> stopped = new ArrayList<>();
  private final long createdAt = System.nanoTime();
  private volatile Optional<Ending> ending = Optional.empty();

  /**
   * Why the run is ending.
   *
   * @param failed the node whose failure it was, if it was that
   * @param outcome of the run; if a node failed, it is made when all output has been read
   */
  private record Ending(Optional<NodeRun> failed, Optional<TopologyOutcome> outcome) {}

  Teardown(NodeProcesses processes, EventLog events, Loop loop) {
    this.processes = processes;
    this.events = events;
    this.loop = loop;
    this.power = new PowerOff(loop);
  }

  /** Completes when nothing of the run is left. For any thread. */
  CompletableFuture<TopologyOutcome> over() {
    return over;
  }

  /** Whether the run is ending. For any thread. */
  boolean hasBegun() {
    return ending.isPresent();
  }

  /** What made the whole run end, if a failure has: {@code left failed: …}. For any thread. */
  Optional<String> firstFailure() {
    return ending
        .flatMap(Ending::failed)
        .flatMap(
            node ->
                node.outcome()
                    .map(NodeOutcome.Failed.class::cast)
                    .map(how -> node.name() + " failed: " + how.cause().describe()));
  }

  /**
   * A future that fails, with a {@link RunEndedException}, when the run ends before it completes.
   */
  <T> CompletableFuture<T> endingWithTheRun() {
    CompletableFuture<T> future = new CompletableFuture<>();
    var unused =
        over.whenComplete(
            (outcome, crash) ->
                future.completeExceptionally(
                    crash == null ? new RunEndedException(outcome) : crash));
    return future;
  }

  /** Begins to end every QEMU, unless that was begun before. */
  void begin(TopologyOutcome outcome) {
    begin(new Ending(Optional.empty(), Optional.of(outcome)));
  }

  /** The same, because of a node that has failed. */
  void beginFor(NodeRun failed) {
    begin(new Ending(Optional.of(failed), Optional.empty()));
  }

  private void begin(Ending why) {
    if (hasBegun()) {
      return;
    }
    ending = Optional.of(why);
    for (NodeRun node : processes.nodes()) {
      if (!node.hasEnded()) {
        node.end(new NodeOutcome.Stopped());
        stopped.add(node);
      }
    }
    Consumer<NodeRun> how = why.failed().isEmpty() ? power::stopForGood : power::terminate;
    processes.nodes().forEach(how);
    finishIfAllAreGone();
  }

  private void killAll() {
    processes.nodes().forEach(NodeRun::kill);
  }

  /** Ends the run if it is ending and its last QEMU has gone. */
  void finishIfAllAreGone() {
    if (hasBegun() && !over.isDone() && processes.nodes().stream().noneMatch(NodeRun::isAlive)) {
      finish(ending.get());
    }
  }

  private void finish(Ending why) {
    for (NodeRun node : stopped) {
      events.add(new RunEvent.NodeEnded(node.name(), new NodeOutcome.Stopped(), node.elapsed()));
    }
    TopologyOutcome outcome =
        why.outcome()
            .orElseGet(
                () -> new TopologyOutcome.Failed(FailureReport.of(why.failed().orElseThrow())));
    leave();
    events.add(new RunEvent.Over(outcome, Duration.ofNanos(System.nanoTime() - createdAt)));
    over.complete(outcome);
    loop.end();
  }

  /** For a bug, or a host that refuses something vital: ends everything at once. */
  void crash(Throwable cause) {
    try {
      killAll();
      leave();
    } finally {
      over.completeExceptionally(cause);
      loop.end();
    }
  }

  private void leave() {
    processes.close();
    processes.nodes().forEach(NodeRun::leave);
  }
}
