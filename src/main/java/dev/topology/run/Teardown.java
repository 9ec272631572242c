package dev.topology.run;

import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Ends a run: once, for the first reason, and so that nothing of it is left. */
final class Teardown {

  /** How long a QEMU may take to end on SIGTERM (measured: 7 ms) before it is killed. */
  static final Duration GRACE = Duration.ofSeconds(1);

  private final Roster roster;
  private final Fleet fleet;
  private final EventLog events;
  private final Loop loop;
  private final CompletableFuture<TopologyOutcome> over;
  private final List<NodeProgress> stopped = new ArrayList<>();
  private final long createdAt = System.nanoTime();

  private volatile Optional<Ending> ending = Optional.empty();

  Teardown(
      Roster roster,
      Fleet fleet,
      EventLog events,
      Loop loop,
      CompletableFuture<TopologyOutcome> over) {
    this.roster = roster;
    this.fleet = fleet;
    this.events = events;
    this.loop = loop;
    this.over = over;
  }

  boolean hasBegun() {
    return ending.isPresent();
  }

  /** What made the whole run end, if a failure has. */
  Optional<String> firstFailure() {
    return ending.flatMap(Ending::failure);
  }

  /** Has every QEMU ended, unless that was begun before. */
  void begin(Ending why) {
    if (hasBegun()) {
      return;
    }
    ending = Optional.of(why);
    for (NodeProgress node : roster.all()) {
      if (!node.hasEnded()) {
        node.end(new NodeOutcome.Stopped());
        stopped.add(node);
      }
    }
    fleet.terminateAll();
    loop.after(GRACE, fleet::killAll);
    finishIfAllAreGone();
  }

  /** Ends the run if it is ending and its last QEMU has gone. */
  void finishIfAllAreGone() {
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
    leave();
    Duration after = Duration.ofNanos(System.nanoTime() - createdAt);
    events.add(new RunEvent.Over(outcome, after));
    over.complete(outcome);
    loop.end();
  }

  private FailureReport report(NodeProgress node) {
    NodeOutcome.Failed failed = (NodeOutcome.Failed) node.outcome().orElseThrow();
    return fleet.report(node.plan(), failed.cause(), node.elapsed());
  }

  /** A bug, or a host that refuses something vital: nothing may be left running all the same. */
  void crash(Throwable cause) {
    try {
      fleet.killAll();
      leave();
    } finally {
      over.completeExceptionally(cause);
      loop.end();
    }
  }

  private void leave() {
    fleet.close();
    roster.all().forEach(NodeProgress::leave);
  }

  /** Has something else end with the run, which it cannot come to any more. */
  static <T> CompletableFuture<T> endingWith(CompletableFuture<TopologyOutcome> over) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Consumer<TopologyOutcome> end =
        outcome -> future.completeExceptionally(new RunEndedException(outcome));
    var unused =
        over.thenAccept(end)
            .exceptionally(
                cause -> {
                  future.completeExceptionally(cause.getCause() == null ? cause : cause.getCause());
                  return null;
                });
    return future;
  }
}
