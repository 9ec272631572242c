package dev.topology.run;

import static java.util.stream.Collectors.toSet;

import dev.topology.model.Node;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.SavedRun;
import dev.topology.posix.Reasons;
import dev.topology.run.checkpoint.NetworkFile;
import dev.topology.run.checkpoint.SavedNetwork;
import dev.topology.run.checkpoint.Standstill;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.RunException;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Saves a run as a whole. Thread-safe.
 *
 * <p>Only a run all of whose nodes are ready can be saved, and only what can be brought back: not
 * what is on disks that guests write to, nor what another process knows of a guest.
 */
final class Checkpointing {

  private final Coordinator coordinator;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final ReentrantReadWriteLock handling = new ReentrantReadWriteLock();

  Checkpointing(Coordinator coordinator) {
    this.coordinator = coordinator;
  }

  /** Something that is done to a QEMU. */
  interface Deed {
    void perform() throws InterruptedException;
  }

  /** Does something to a QEMU that would disturb a standstill, before or after one. */
  void undisturbed(Deed deed) throws InterruptedException {
    handling.readLock().lockInterruptibly();
    try {
      deed.perform();
    } finally {
      handling.readLock().unlock();
    }
  }

  /** Whether the run is being saved. */
  boolean isUnderWay() {
    return oneAtATime.isLocked();
  }

  /** Saves the run; see {@link RunningTopology#checkpoint}. */
  SavedRun save(Path directory, RunningTopology topology) throws InterruptedException {
    if (!oneAtATime.tryLock()) {
      throw new IllegalStateException("a checkpoint is being made already; try again after it");
    }
    try {
      handling.writeLock().lockInterruptibly();
      try {
        return save(allowed(), directory, topology);
      } finally {
        handling.writeLock().unlock();
      }
    } finally {
      oneAtATime.unlock();
    }
  }

  private SavedRun save(LaunchPlan plan, Path directory, RunningTopology topology)
      throws InterruptedException {
    Set<String> cut =
        topology.cables().stream()
            .filter(RunningCable::isCut)
            .map(RunningCable::name)
            .collect(toSet());
    NodeProcesses processes = coordinator.processes();
    Map<NodeRun, NodeWaiter> nodes = new LinkedHashMap<>();
    processes.nodes().forEach(node -> nodes.put(node, topology.node(node.name()).waiter()));
    long began = System.nanoTime();
    SavedRun run = new SavedRun(directory);
    Cabling cabling = processes.cabling();
    try (Standstill still = Standstill.of(nodes, cabling.hosts(), cabling.switches())) {
      SavedNetwork network = still.network(cut);
      still.save(run, plan.runDirectory());
      NetworkFile.write(network, run.network());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot save " + plan.topology().name() + " in " + directory + ": " + Reasons.of(e),
          Reasons.remedy(e, "name another directory"),
          e);
    }
    Duration stoodStill = Duration.ofNanos(System.nanoTime() - began);
    coordinator.events().add(new RunEvent.Saved(stoodStill));
    return run;
  }

  /** The plan of the run, which can be saved now. */
  private LaunchPlan allowed() throws InterruptedException {
    CompletableFuture<LaunchPlan> allowed = coordinator.teardown().endingWithTheRun();
    coordinator.decide(
        () -> {
          Optional<String> obstacle = obstacle();
          if (obstacle.isPresent()) {
            allowed.completeExceptionally(new IllegalStateException(obstacle.get()));
          } else {
            allowed.complete(coordinator.processes().plan());
          }
        });
    try {
      return allowed.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RunException known) {
        throw known.again();
      }
      throw new IllegalStateException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
    }
  }

  private Optional<String> obstacle() {
    if (coordinator.teardown().hasBegun()) {
      return Optional.of("the run is ending");
    }
    if (coordinator.transition().isUnderWay()) {
      return Optional.of("the run is being changed; try again when that is done");
    }
    return coordinator.processes().nodes().stream()
        .flatMap(node -> obstacle(node).map(why -> node.name() + " " + why).stream())
        .findFirst();
  }

  private static Optional<String> obstacle(NodeRun node) {
    Node its = node.plan().node();
    if (its.pc().isPresent()) {
      return Optional.of(
          "is a PC (\"boot: firmware\"), whose disks cannot be saved; leave it out with"
              + " `topology up --only`");
    }
    if (!its.disks().isEmpty()) {
      return Optional.of(
          "has disks, which would not be saved with it; leave out \"disks\", or the node with"
              + " `topology up --only`");
    }
    if (!its.shares().isEmpty()) {
      return Optional.of(
          "has shared directories, whose files would not be saved with it; copy them with"
              + " `topology cp` or \"files\" instead");
    }
    if (node.hasEnded() || node.notes().commandStatus().isPresent()) {
      return Optional.of("has ended; start it with `topology restart " + node.name() + "`");
    }
    if (!node.isAt(NodeState.READY)) {
      return Optional.of("is not ready yet; try again when `topology ps` says that it is");
    }
    return node.isHeld()
        ? Optional.of("is paused; let it go on with `topology resume " + node.name() + "`")
        : Optional.empty();
  }
}
