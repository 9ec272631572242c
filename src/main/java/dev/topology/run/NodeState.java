package dev.topology.run;

import dev.topology.plan.NodePlan;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far one node has come. Touched by the coordinator's thread alone.
 *
 * <p>Phases only ever move forward, in the order in which {@link Phase} names them.
 */
final class NodeState {

  /** How far a node has come. */
  enum Phase {
    /** QEMU is being spawned and asked for its ports. */
    SPAWNED,
    /** QEMU is up, the guest waits to be let go. */
    PAUSED,
    /** The guest runs and is not ready yet. */
    STARTED,
    /** Dependants may run. */
    READY,
    /** The outcome is settled. QEMU may still be on its way out. */
    ENDED
  }

  private final NodePlan plan;
  private final long spawnedAt = System.nanoTime();

  private Phase phase = Phase.SPAWNED;
  private long startedAt = spawnedAt;
  private Optional<NodeOutcome> outcome = Optional.empty();
  private Optional<String> panicLine = Optional.empty();
  private OptionalInt commandStatus = OptionalInt.empty();

  NodeState(NodePlan plan) {
    this.plan = plan;
  }

  NodePlan plan() {
    return plan;
  }

  String name() {
    return plan.name();
  }

  Phase phase() {
    return phase;
  }

  boolean isAt(Phase wanted) {
    return phase == wanted;
  }

  /** Whether it was ready at some time, even if it has ended since. */
  boolean hasBeenReady() {
    return isAt(Phase.READY) || outcome.filter(NodeOutcome.Done.class::isInstance).isPresent();
  }

  boolean hasEnded() {
    return isAt(Phase.ENDED);
  }

  /** Moves on to a later phase. */
  void advance(Phase next) {
    if (next.compareTo(phase) <= 0) {
      throw new IllegalStateException(name() + " cannot go from " + phase + " to " + next);
    }
    phase = next;
    if (next == Phase.STARTED) {
      startedAt = System.nanoTime();
    }
  }

  /** Settles how it ended. */
  void end(NodeOutcome how) {
    advance(Phase.ENDED);
    outcome = Optional.of(how);
  }

  Optional<NodeOutcome> outcome() {
    return outcome;
  }

  /** Since its guest ran, or since its QEMU was spawned where it never did. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /** Notes the kernel's last words; the end of QEMU, a moment later, settles the outcome. */
  void notePanic(String line) {
    if (panicLine.isEmpty()) {
      panicLine = Optional.of(line);
    }
  }

  Optional<String> panicLine() {
    return panicLine;
  }

  void noteCommandStatus(int status) {
    commandStatus = OptionalInt.of(status);
  }

  OptionalInt commandStatus() {
    return commandStatus;
  }
}
