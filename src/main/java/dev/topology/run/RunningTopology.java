package dev.topology.run;

import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A topology that is being brought up, runs, or has ended.
 *
 * <p>Whatever happens, closing it leaves nothing behind: no QEMU, no thread, no descriptor. Its
 * console logs stay in the run directory, which is the caller's. Thread-safe.
 */
public final class RunningTopology implements AutoCloseable {

  private final LaunchPlan plan;
  private final Coordinator coordinator;

  private RunningTopology(LaunchPlan plan, Coordinator coordinator) {
    this.plan = plan;
    this.coordinator = coordinator;
  }

  /**
   * Brings a topology up. Returns at once; what happens is told to the listener.
   *
   * @param plan whose run directory exists and is held by the caller
   * @throws LaunchException if the host lets no part of it start
   */
  public static RunningTopology start(LaunchPlan plan, RunListener listener) {
    Coordinator coordinator = new Coordinator(plan, Fleet.prepare(plan, listener), listener);
    coordinator.start();
    return new RunningTopology(plan, coordinator);
  }

  /** What it is a run of. */
  public Topology topology() {
    return plan.topology();
  }

  /** What it carries out. */
  public LaunchPlan plan() {
    return plan;
  }

  /**
   * The ports of the host that lead into guests, in the order of the file. Completes once every
   * QEMU is up; exceptionally, with a {@link RunEndedException}, if the run ends before.
   */
  public CompletableFuture<List<HostPort>> hostPorts() {
    return coordinator.launched().copy();
  }

  /**
   * Completes when every node has become ready; exceptionally, with a {@link RunEndedException}, if
   * the run ends before.
   */
  public CompletableFuture<Void> ready() {
    return coordinator.ready().copy();
  }

  /** Completes when the run is over and no process of it is left. */
  public CompletableFuture<TopologyOutcome> over() {
    return coordinator.over().copy();
  }

  /**
   * Waits for the end of the run, however long it takes.
   *
   * @throws InterruptedException if this thread is interrupted; the run goes on
   */
  public TopologyOutcome awaitOutcome() throws InterruptedException {
    try {
      return coordinator.over().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e.getCause());
    }
  }

  /**
   * Waits for the end of the run, and ends it when the limit is reached.
   *
   * @throws InterruptedException if this thread is interrupted; the run goes on
   */
  public TopologyOutcome awaitOutcome(Duration limit) throws InterruptedException {
    try {
      coordinator.over().copy().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      coordinator.stop(new TopologyOutcome.OutOfTime(limit));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e.getCause());
    }
    return awaitOutcome();
  }

  /** Asks for the end of the run and returns at once. Once it is ending, nothing changes. */
  public void stop() {
    coordinator.stop(new TopologyOutcome.Stopped());
  }

  /** Ends the run, if it has not ended, and waits until nothing of it is left. */
  @Override
  public void close() {
    stop();
    try {
      awaitOutcome();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
