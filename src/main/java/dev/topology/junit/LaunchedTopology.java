package dev.topology.junit;

import dev.topology.junit.Scratch.Directories;
import dev.topology.junit.TestScope.TestBody;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.run.RunEvent;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.text.HumanText;
import dev.topology.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A topology that runs for tests, in a temporary directory of its own. Closing it ends the run and
 * removes its files, even in a thread that is interrupted. Thread-safe.
 */
final class LaunchedTopology implements AutoCloseable {

  private final Path directory;
  private final Launch launch;
  private final NodeLog log;

  private LaunchedTopology(Path directory, Launch launch, NodeLog log) {
    this.directory = directory;
    this.launch = launch;
    this.log = log;
  }

  /** Launches it, and returns at once. */
  static LaunchedTopology launch(Launcher launcher, Preparation preparation) throws IOException {
    Path directory = new Scratch().directory("test");
    try {
      NodeLog log = new NodeLog();
      Launch launch = Launch.start(planIn(directory, preparation), log);
      launch.discardFiles();
      var unused = launch.topology().over().whenComplete((outcome, crash) -> failIf(crash, log));
      return new LaunchedTopology(directory, launch, log);
    } catch (LaunchException e) {
      Directories.delete(directory);
      throw new LaunchException(e.what() + "; " + e.remedy(), e.remedy(), e);
    } catch (RuntimeException e) {
      Directories.delete(directory);
      throw e;
    }
  }

  private static void failIf(@Nullable Throwable crash, NodeLog log) {
    if (crash != null) {
      log.fail();
    }
  }

  /** The same preparation serves many instances: only the directory differs. */
  private static LaunchPlan planIn(Path directory, Preparation preparation) {
    Topology topology = preparation.topology();
    PlanOptions options = preparation.options().in(directory.resolve(topology.name()));
    try {
      return new Preparation(topology, preparation.facts(), options, preparation.missingImages())
          .plan();
    } catch (PlanException e) {
      throw new IllegalStateException("what could be planned once cannot be planned again", e);
    }
  }

  RunningTopology topology() {
    return launch.topology();
  }

  /**
   * Waits until every node has been ready, or the run has ended in success before.
   *
   * @throws TopologyFailedException if a node fails, at once; or when the limit is reached
   */
  void awaitReady(Duration limit) throws InterruptedException {
    if (!completes(topology().ready(), limit)) {
      throw new TopologyFailedException(notReady(limit), Optional.empty());
    }
    try {
      topology().awaitReady(limit);
    } catch (RunEndedException e) {
      awaitEnd();
      requireUnfailed();
      if (!(e.outcome() instanceof TopologyOutcome.Done)) {
        throw e;
      }
    }
    requireUnfailed();
  }

  /**
   * Fails if a node has failed.
   *
   * @throws TopologyFailedException with a report of the failure
   */
  void requireUnfailed() throws InterruptedException {
    Optional<TopologyFailedException> failure = failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** The failure that ends the run, if one does. Waits for the end that has begun, if need be. */
  Optional<TopologyFailedException> failure() throws InterruptedException {
    if (log.hasFailure()) {
      awaitEnd();
    }
    CompletableFuture<TopologyOutcome> over = topology().over();
    if (over.isCompletedExceptionally()) {
      return Optional.of(broken(over));
    }
    return topology().outcome().flatMap(this::failure);
  }

  private Optional<TopologyFailedException> failure(TopologyOutcome outcome) {
    Topology topology = topology().topology();
    if (outcome instanceof TopologyOutcome.Failed failed) {
      return Optional.of(TopologyFailedException.of(topology, failed.report()));
    }
    return outcome instanceof TopologyOutcome.Unguarded unguarded
        ? Optional.of(
            new TopologyFailedException(
                topology.name() + ": the run was ended: " + unguarded.reason(), Optional.empty()))
        : Optional.empty();
  }

  private TopologyFailedException broken(CompletableFuture<TopologyOutcome> over) {
    String what = topology().topology().name() + ": the run broke off by a fault of its own";
    TopologyFailedException failure = new TopologyFailedException(what, Optional.empty());
    var unused = over.whenComplete((outcome, crash) -> failure.initCause(crash));
    return failure;
  }

  /** Has code interrupted when the topology fails; at once, if it has failed already. */
  void interruptOnFailure(TestBody body) {
    log.interruptOnFailure(body);
  }

  /** Undoes {@link #interruptOnFailure}. */
  void forget(TestBody body) {
    log.forget(body);
  }

  /** A run that is ending is over within two seconds. */
  private void awaitEnd() throws InterruptedException {
    completes(topology().over(), Duration.ofSeconds(10));
  }

  /**
   * Whether it completes in time, normally or exceptionally. Waits on a latch, since a future's own
   * {@code get} makes a fork-join pool start another test while this one waits: more guests at once
   * than JUnit was told.
   */
  private static boolean completes(CompletableFuture<?> future, Duration limit)
      throws InterruptedException {
    CountDownLatch completed = new CountDownLatch(1);
    var unused = future.whenComplete((result, problem) -> completed.countDown());
    return completed.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private String notReady(Duration limit) {
    Topology topology = topology().topology();
    StringBuilder text = new StringBuilder();
    text.append("\"").append(topology.name()).append("\" was not ready within ");
    text.append(limit.toSeconds()).append(" s:");
    topology
        .nodes()
        .forEach(
            node ->
                text.append("\n  ")
                    .append(node.name())
                    .append(": ")
                    .append(log.stateOf(node.name())));
    return text.toString();
  }

  /** Publishes what helps to understand a failed test, as a directory of that name. */
  void publishTo(ExtensionContext context, String name) {
    Evidence evidence = new Evidence(topology().plan(), log);
    uninterruptibly(() -> context.publishDirectory(name, evidence::writeTo));
  }

  @Override
  public void close() {
    uninterruptibly(
        () -> {
          launch.close();
          Directories.delete(directory);
        });
  }

  /**
   * Keeps an interrupt for later: a test that is interrupted must not leave guests or half-written
   * files behind.
   */
  private static void uninterruptibly(Runnable action) {
    boolean interrupted = Thread.interrupted();
    try {
      action.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Writes what helps to understand a failed test: for each node, a directory of a few files. */
  private static final class Evidence {

    private final LaunchPlan plan;
    private final NodeLog log;

    Evidence(LaunchPlan plan, NodeLog log) {
      this.plan = plan;
      this.log = log;
    }

    /** Blocks for as long as it takes to copy the console logs. */
    void writeTo(Path directory) throws IOException {
      for (NodePlan node : plan.nodes()) {
        write(node, Files.createDirectories(directory.resolve(node.name())));
      }
    }

    private void write(NodePlan node, Path directory) throws IOException {
      copy(node.consoleLog(), directory.resolve("console.log"));
      if (node.kernelLog().isPresent()) {
        copy(node.kernelLog().get(), directory.resolve("kernel.log"));
      }
      Files.writeString(
          directory.resolve("command-line.sh"), ShellWord.command(node.commandLine()) + "\n");
      Files.writeString(directory.resolve("outcome.txt"), log.stateOf(node.name()) + "\n");
    }

    /**
     * A node that was never started has no logs. The place may hold those of an earlier test run:
     * the directory that JUnit gives a test is the same each time.
     */
    private static void copy(Path log, Path to) throws IOException {
      if (Files.exists(log)) {
        Files.copy(log, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** The state of each node so far, in a few words. Written by the run, read by tests. */
  static final class NodeLog implements RunListener {

    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Set<TestBody> bodies = ConcurrentHashMap.newKeySet();
    private volatile boolean failed;

    /** The state of a node, or how it ended. */
    String stateOf(String node) {
      return states.getOrDefault(node, "not started");
    }

    /** Whether the run has failed: it is ending then, but may not have ended yet. */
    boolean hasFailure() {
      return failed;
    }

    /** Has code interrupted when the run fails; at once, if it has failed already. */
    void interruptOnFailure(TestBody body) {
      bodies.add(body);
      if (failed) {
        body.interrupt();
      }
    }

    /** Undoes {@link #interruptOnFailure}. */
    void forget(TestBody body) {
      bodies.remove(body);
    }

    /** The run has failed, or a node of it has. */
    void fail() {
      failed = true;
      bodies.forEach(TestBody::interrupt);
    }

    @Override
    public void happened(RunEvent event) {
      if (event instanceof RunEvent.NodeStarted started) {
        states.put(started.node(), "started, not ready yet");
      } else if (event instanceof RunEvent.NodeReady ready) {
        states.put(ready.node(), "running, ready after " + HumanText.duration(ready.after()));
      } else if (event instanceof RunEvent.NodeEnded ended) {
        states.put(ended.node(), describe(ended.outcome(), ended.after()));
        if (ended.outcome() instanceof NodeOutcome.Failed) {
          fail();
        }
      } else if (event instanceof RunEvent.Over over
          && over.outcome() instanceof TopologyOutcome.Unguarded) {
        fail();
      }
    }

    private static String describe(NodeOutcome outcome, Duration after) {
      String time = " after " + HumanText.duration(after);
      if (outcome instanceof NodeOutcome.Failed failure) {
        return "failed" + time + ": " + failure.cause().describe();
      }
      return outcome.word() + time;
    }
  }
}
