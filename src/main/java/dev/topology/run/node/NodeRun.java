package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.NodePlan;
import dev.topology.plan.SavedGuest;
import dev.topology.plan.Start;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reaper;
import dev.topology.posix.Signal;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a node: one QEMU, from before its spawn until after its end. A node that is restarted
 * gets another run. Moved on by the coordinator's thread alone; any thread may look.
 *
 * <p>States only ever move forward, in the order in which {@link NodeState} names them.
 */
public final class NodeRun implements AutoCloseable {

  /** A guest that reboots sooner than this after it was ready did no work in between. */
  private static final Duration QUICK = Duration.ofSeconds(10);

  /** Of a process whose end something else in this JVM has waited for. */
  private static final ExitStatus UNKNOWN_STATUS = new ExitStatus.Exited(255);

  /** Its process, and what watches it. */
  private record Qemu(ChildProcess process, NodeWatch watch) {}

  private final long spawnedAt = System.nanoTime();
  private final CompletableFuture<Void> up = new CompletableFuture<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<NodeOutcome> gone = new CompletableFuture<>();

  private final NodeNotes notes = new NodeNotes();
  private final NodePorts ports;
  private final int restarts;
  private final int rebootsInARow;

  private volatile NodePlan plan;
  private volatile FileStamps sources = FileStamps.of(List.of());
  private volatile @Nullable Qemu qemu;
  private volatile @Nullable ServedShares shares;
  private volatile List<HostPort> hostPorts = List.of();
  private volatile boolean held;
  private volatile NodeState state = NodeState.SPAWNED;
  private volatile long startedAt = spawnedAt;
  private volatile long readyAt = spawnedAt;
  private volatile long endedAt;
  private volatile Optional<NodeOutcome> outcome = Optional.empty();

  public NodeRun(NodePlan plan, NodePorts ports) {
    this(plan, ports, 0, 0);
  }

  private NodeRun(NodePlan plan, NodePorts ports, int restarts, int rebootsInARow) {
    this.plan = plan;
    this.ports = ports;
    this.restarts = restarts;
    this.rebootsInARow = rebootsInARow;
    var unused = gone.thenRun(ports::hangUp);
  }

  /**
   * The plan by which a node starts now: it boots where the snapshot is gone that it would be a
   * clone of. Those used least are removed for others.
   */
  public static NodePlan startable(NodePlan plan) {
    return plan.start() instanceof Start.Cloned clone && !isThere(clone.snapshot().guest())
        ? clone.booting()
        : plan;
  }

  private static boolean isThere(SavedGuest guest) {
    return Files.exists(guest.memory()) && Files.exists(guest.state());
  }

  /**
   * The run that follows on this one. Its host ports are those of this one, until its QEMU is up
   * and gets the same, or others where those were taken meanwhile.
   *
   * @throws IOException if descriptors run out
   */
  public NodeRun next() throws IOException {
    NodeRun next = next(plan.start() instanceof Start.Restored it ? it.again() : startable(plan));
    next.up.complete(null);
    return next;
  }

  /**
   * The run that follows on this one by another plan. Host ports that the kernel had chosen stay
   * where the plan has them as well.
   *
   * @throws IOException if descriptors run out
   */
  public NodeRun next(NodePlan other) throws IOException {
    NodePorts renewed = ports.renewed(other);
    boolean quick =
        outcome.filter(NodeOutcome.Rebooted.class::isInstance).isPresent()
            && System.nanoTime() - readyAt < QUICK.toNanos();
    NodeRun next = new NodeRun(other, renewed, restarts + 1, quick ? rebootsInARow + 1 : 0);
    next.noteHostPorts(hostPorts);
    return next;
  }

  /** Goes on by another plan, by which it would have got the same as it has. */
  public void become(NodePlan other) {
    plan = other;
  }

  /**
   * Spawns its QEMU, the guest paused, and begins to read from it. What is read goes to the
   * signals; {@code exited} comes last, when all that QEMU and its guest said before has been read,
   * so that the end can be judged from all of it.
   *
   * @param others what it inherits besides its sockets: ends of cables, disks
   * @throws LaunchException if it cannot be spawned
   */
  public void spawn(List<Inherited> others, Reaper reaper, NodeSignals signals) {
    ports.relayed().openOnce();
    sources = FileStamps.of(plan.sources());
    ServedShares served = ServedShares.start(name(), plan.shares(), reaper, signals);
    shares = served;
    ChildProcess process;
    try {
      process = NodeSpawn.start(plan, inherited(others, served), reaper);
    } catch (LaunchException e) {
      served.close();
      throw e;
    }
    ports.handedOver();
    NodeWatch watch = NodeWatch.begin(plan, ports, hostPorts, signals);
    qemu = new Qemu(process, watch);
    var unused =
        process
            .exit()
            .exceptionally(lost -> UNKNOWN_STATUS)
            .thenCompose(status -> watch.lastBytesRead().thenApply(read -> status))
            .thenCompose(status -> served.end().thenApply(ended -> status))
            .thenAccept(signals::exited);
  }

  private Stream<Inherited> inherited(List<Inherited> others, ServedShares served) {
    return Stream.of(ports.inherited().stream(), others.stream(), served.inherited())
        .flatMap(Function.identity());
  }

  /** What its sources were when it was spawned. */
  public FileStamps sources() {
    return sources;
  }

  /** Whether its QEMU was spawned and has not gone. */
  public boolean isAlive() {
    return qemu != null && !gone.isDone();
  }

  /** Lets its guest run; its QEMU has to be spawned. */
  public void resume() {
    Objects.requireNonNull(qemu, name()).watch().resume();
  }

  /**
   * Stops its QEMU as a whole, and waits until it stands still.
   *
   * @throws IOException if it has ended
   */
  public void freeze() throws IOException {
    signal(Signal.STOP);
    Objects.requireNonNull(qemu, name()).process().awaitStopped();
  }

  /** Lets its QEMU go on that was {@linkplain #freeze frozen}. */
  public void thaw() {
    signal(Signal.CONT);
  }

  /** Asks its QEMU to end, if it has one. */
  public void terminate() {
    signal(Signal.TERM);
  }

  /** Ends its QEMU, if it has one, as if its power were cut. */
  public void kill() {
    signal(Signal.KILL);
  }

  private void signal(Signal signal) {
    Qemu running = qemu;
    if (running != null) {
      running.process().signal(signal);
    }
  }

  /** The process that is its QEMU, once that was spawned. */
  public Optional<Long> pid() {
    return Optional.ofNullable(qemu).map(running -> running.process().pid());
  }

  /** What its QEMU wrote to standard output and error. */
  public GuestText stderr() {
    Qemu running = qemu;
    return GuestText.lines(running == null ? "" : running.process().output());
  }

  /** How many runs before this one ended right after they were ready, by a reboot. */
  public int rebootsInARow() {
    return rebootsInARow;
  }

  /** The host's ends of what leads to it. */
  public NodePorts ports() {
    return ports;
  }

  /** How many runs the node has had before this one. */
  public int restarts() {
    return restarts;
  }

  /** Notes the ports of the host that lead into it. */
  public void noteHostPorts(List<HostPort> itsHostPorts) {
    hostPorts = itsHostPorts;
  }

  /** The ports of the host that lead into it; none before its first QEMU is up. */
  public List<HostPort> hostPorts() {
    return hostPorts;
  }

  /** Whether its guest is paused by the user. */
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
    } else if (next == NodeState.ENDED) {
      endedAt = System.nanoTime();
    }
    state = next;
    if (next == NodeState.PAUSED) {
      up.complete(null);
    } else if (next == NodeState.READY) {
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

  /**
   * Completes, never exceptionally, once its host ports are known: when its QEMU is up, or at once
   * where it follows on another one with the same.
   */
  public CompletableFuture<Void> up() {
    return up;
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

  /** Whether it has ended in success. */
  public boolean isDone() {
    return outcome.filter(NodeOutcome.Done.class::isInstance).isPresent();
  }

  /** Since its guest ran, or since its QEMU was spawned where it never did. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /** How long its guest has run, or had when it ended; empty if it never ran. */
  public Optional<Duration> uptime() {
    return startedAt != spawnedAt
        ? Optional.of(hasEnded() ? Duration.ofNanos(endedAt - startedAt) : elapsed())
        : Optional.empty();
  }

  /** What was told of how it goes. */
  public NodeNotes notes() {
    return notes;
  }

  private void closeShares() {
    ServedShares served = shares;
    if (served != null) {
      served.close();
    }
  }

  /** Ends the watch of its QEMU, and the host's ends of what leads to it. */
  @Override
  public void close() {
    Closing closing = new Closing();
    closing.close(this::closeShares);
    Qemu last = qemu;
    if (last != null) {
      closing.close(last.watch());
    }
    closing.close(ports);
    closing.finish();
  }
}
