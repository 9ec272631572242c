package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.NodePlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How far one node has come in one life, which is that of one QEMU. Moved on by the coordinator's
 * thread alone; anyone may look.
 *
 * <p>States only ever move forward, in the order in which {@link NodeState} names them.
 */
public final class NodeProgress {

  /** A guest that reboots sooner after it was ready has not been of use in between. */
  private static final Duration QUICK = Duration.ofSeconds(10);

  private final NodePlan plan;
  private final long spawnedAt = System.nanoTime();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<NodeOutcome> gone = new CompletableFuture<>();

  private final NodePorts ports;
  private final int restarts;
  private final int rebootsInARow;

  private volatile List<HostPort> hostPorts = List.of();
  private volatile boolean held;
  private volatile NodeState state = NodeState.SPAWNED;
  private volatile long startedAt = spawnedAt;
  private volatile long readyAt = spawnedAt;
  private volatile Optional<NodeOutcome> outcome = Optional.empty();
  private volatile Optional<GuestText> panicLine = Optional.empty();
  private volatile Optional<Integer> commandStatus = Optional.empty();
  private volatile GuestEnd guestEnd = GuestEnd.UNKNOWN;

  public NodeProgress(NodePlan plan, NodePorts ports) {
    this(plan, ports, 0, 0);
  }

  private NodeProgress(NodePlan plan, NodePorts ports, int restarts, int rebootsInARow) {
    this.plan = plan;
    this.ports = ports;
    this.restarts = restarts;
    this.rebootsInARow = rebootsInARow;
    var unused = gone.thenRun(ports::hangUp);
  }

  /** The life that follows on this one. */
  public NodeProgress next(NodePorts itsPorts) {
    boolean quick =
        outcome.filter(NodeOutcome.Rebooted.class::isInstance).isPresent()
            && System.nanoTime() - readyAt < QUICK.toNanos();
    return new NodeProgress(plan, itsPorts, restarts + 1, quick ? rebootsInARow + 1 : 0);
  }

  /** How many lives before this one ended right after they were ready, by a reboot. */
  public int rebootsInARow() {
    return rebootsInARow;
  }

  /** The host's ends of what leads to it. */
  public NodePorts ports() {
    return ports;
  }

  /** How many lives it has had before this one. */
  public int restarts() {
    return restarts;
  }

  /** Notes the ports of the host that lead into it. */
  public void lead(List<HostPort> itsHostPorts) {
    hostPorts = itsHostPorts;
  }

  /** The ports of the host that lead into it; none before its first QEMU is up. */
  public List<HostPort> hostPorts() {
    return hostPorts;
  }

  /** Whether its guest is held by somebody. */
  public boolean isHeld() {
    return held;
  }

  public void hold(boolean isHeld) {
    held = isHeld;
  }

  public NodePlan plan() {
    return plan;
  }

  public String name() {
    return plan.name();
  }

  public NodeState state() {
    return state;
  }

  public boolean isAt(NodeState wanted) {
    return state == wanted;
  }

  /** Whether it was ready at some time, even if it has ended since. */
  public boolean hasBeenReady() {
    return ready.isDone();
  }

  public boolean hasEnded() {
    return isAt(NodeState.ENDED);
  }

  /** Moves on to a later state. */
  public void advance(NodeState next) {
    if (next.compareTo(state) <= 0) {
      throw new IllegalStateException(name() + " cannot go from " + state + " to " + next);
    }
    if (next == NodeState.STARTED) {
      startedAt = System.nanoTime();
    }
    state = next;
    if (next == NodeState.READY) {
      readyAt = System.nanoTime();
      ready.complete(null);
    }
  }

  /** Settles how it ended. */
  public void end(NodeOutcome how) {
    outcome = Optional.of(how);
    advance(NodeState.ENDED);
    if (how instanceof NodeOutcome.Done) {
      // Who waited for it need wait no longer, even if it never said that it was ready.
      ready.complete(null);
    }
  }

  /** Notes that its QEMU, if it ever had one, is gone and that all it had said has been read. */
  public void leave() {
    gone.complete(outcome.orElseGet(NodeOutcome.Stopped::new));
  }

  /** Completes, never exceptionally, once it is ready; not at all if it ends before. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes, never exceptionally, with the outcome when its QEMU is gone. */
  public CompletableFuture<NodeOutcome> gone() {
    return gone;
  }

  public Optional<NodeOutcome> outcome() {
    return outcome;
  }

  /** Since its guest ran, or since its QEMU was spawned where it never did. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /** Notes the kernel's last words; the end of QEMU, a moment later, settles the outcome. */
  public void notePanic(GuestText line) {
    if (panicLine.isEmpty()) {
      panicLine = Optional.of(line);
    }
  }

  public Optional<GuestText> panicLine() {
    return panicLine;
  }

  /** Notes how its command ended; the end of QEMU settles the outcome, when all was printed. */
  public void noteCommandStatus(int status) {
    if (commandStatus.isEmpty()) {
      commandStatus = Optional.of(status);
    }
  }

  public Optional<Integer> commandStatus() {
    return commandStatus;
  }

  /** Notes what QEMU said of its own end. */
  public void noteEnd(GuestEnd how) {
    guestEnd = how;
  }

  public GuestEnd guestEnd() {
    return guestEnd;
  }
}
