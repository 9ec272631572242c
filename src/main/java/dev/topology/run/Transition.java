package dev.topology.run;

import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.PlanChange;
import dev.topology.plan.PlanChange.NodeRestarts;
import dev.topology.plan.PlanComparison;
import dev.topology.plan.PlanComparison.Standing;
import dev.topology.run.node.FileStamps;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.LaunchException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a run carry out another plan. Decides by the coordinator's thread.
 *
 * <p>First all is made that can fail: sockets, disks, shapers. If that fails, nothing has happened.
 * Then the nodes that end or restart are ended. When they have gone, all at once is as the other
 * plan has it, and the nodes that start or restart are started.
 *
 * <p>A QEMU that cannot be started then does not end the run, as it would at the start: what runs
 * has nothing to do with it. The node stays ended, and is tried again with the next plan. Whatever
 * fails later, fails as in any run.
 */
final class Transition {

  private final Coordinator coordinator;
  private final NodeProcesses processes;
  private final Loop loop;
  private final Restarts restarts;
  private final Set<NodeRun> started = new HashSet<>();
  private Optional<Step> underWay = Optional.empty();
  private volatile Runnable onChange = () -> {};

  /** One plan that is being carried out. */
  private record Step(
      LaunchPlan plan,
      PlanComparison changes,
      Set<NodeRun> leaving,
      CompletableFuture<List<PlanChange>> done) {}

  Transition(Coordinator coordinator, Loop loop, Restarts restarts) {
    this.coordinator = coordinator;
    this.processes = coordinator.processes();
    this.loop = loop;
    this.restarts = restarts;
  }

  /** Runs an action, by the coordinator's thread, when there are other nodes or cables. */
  void onChange(Runnable action) {
    onChange = action;
  }

  /**
   * What carrying out a plan would do. For any thread; blocks while the files of nodes are looked
   * at.
   *
   * @return completes exceptionally if the run ends before
   */
  CompletableFuture<List<PlanChange>> preview(LaunchPlan plan) {
    Map<String, FileStamps> now = stamps(plan);
    CompletableFuture<List<PlanChange>> done = coordinator.teardown().endingWithTheRun();
    loop.post(() -> done.complete(compare(plan, changedFiles(now)).changes()));
    return done;
  }

  /**
   * Carries out a plan. For any thread; blocks as {@link #preview} does.
   *
   * @return what was done, when the nodes that start are being started; completes exceptionally
   *     with a {@link LaunchException} if it could not be done, or not all of it, and with an
   *     {@link IllegalStateException} while another is being carried out
   */
  CompletableFuture<List<PlanChange>> begin(LaunchPlan plan) {
    Map<String, FileStamps> now = stamps(plan);
    CompletableFuture<List<PlanChange>> done = coordinator.teardown().endingWithTheRun();
    loop.post(() -> begin(plan, now, done));
    return done;
  }

  private static Map<String, FileStamps> stamps(LaunchPlan plan) {
    return plan.nodes().stream()
        .collect(Collectors.toMap(NodePlan::name, it -> FileStamps.of(it.sources())));
  }

  private Map<String, List<Path>> changedFiles(Map<String, FileStamps> now) {
    Map<String, List<Path>> changed = new HashMap<>();
    for (NodeRun node : processes.nodes()) {
      FileStamps its = now.get(node.name());
      if (its != null) {
        changed.put(node.name(), node.sources().changedIn(its));
      }
    }
    return changed;
  }

  private PlanComparison compare(LaunchPlan plan, Map<String, List<Path>> changedFiles) {
    Map<String, Standing> standings = new HashMap<>();
    for (NodeRun node : processes.nodes()) {
      boolean couldNotStart =
          node.outcome().filter(it -> it instanceof NodeOutcome.Failed).isPresent();
      standings.put(
          node.name(),
          new Standing(
              !node.hasEnded(),
              node.hasBeenReady(),
              couldNotStart,
              changedFiles.getOrDefault(node.name(), List.of())));
    }
    return PlanComparison.of(processes.plan(), plan, standings);
  }

  private void begin(
      LaunchPlan plan, Map<String, FileStamps> now, CompletableFuture<List<PlanChange>> done) {
    if (coordinator.teardown().hasBegun()) {
      return;
    }
    if (coordinator.checkpointing().isUnderWay()) {
      done.completeExceptionally(
          new IllegalStateException("a checkpoint of it is being made; try again after that"));
      return;
    }
    if (underWay.isPresent()) {
      done.completeExceptionally(
          new IllegalStateException("it is being changed already; try again when that is done"));
      return;
    }
    Map<String, List<Path>> changedFiles = changedFiles(now);
    PlanComparison changes = compare(plan, changedFiles);
    try {
      processes.prepare(plan, changes, changedFiles);
    } catch (LaunchException e) {
      done.completeExceptionally(e);
      return;
    }
    Set<NodeRun> leaving =
        changes
            .each(PlanChange.OfNode.class)
            .filter(it -> !(it instanceof PlanChange.NodeRunsOn))
            .map(PlanChange.OfNode::node)
            .filter(processes::knows)
            .map(processes::node)
            .collect(Collectors.toSet());
    underWay = Optional.of(new Step(plan, changes, leaving, done));
    for (NodeRun node : leaving) {
      if (!node.hasEnded()) {
        coordinator.settleStopped(node);
        coordinator.terminate(node);
      }
      var unused = node.gone().thenRun(() -> loop.post(this::finishIfAllHaveGone));
    }
    finishIfAllHaveGone();
  }

  /** Whether a plan is being carried out. */
  boolean isUnderWay() {
    return underWay.isPresent();
  }

  /** Whether a node is not to be restarted for now: it is ended or restarted here. */
  boolean holds(NodeRun node) {
    return underWay.filter(it -> it.leaving().contains(node)).isPresent();
  }

  private void finishIfAllHaveGone() {
    if (!coordinator.teardown().hasBegun()
        && underWay.filter(it -> it.leaving().stream().allMatch(Transition::hasGone)).isPresent()) {
      Step step = underWay.get();
      underWay = Optional.empty();
      finish(step);
    }
  }

  private static boolean hasGone(NodeRun node) {
    return node.gone().isDone() || (node.hasEnded() && !node.isAlive());
  }

  private void finish(Step step) {
    List<LaunchException> problems = processes.become(step.plan(), step.changes());
    onChange.run();
    coordinator.starter().expectOthers();
    coordinator
        .events()
        .add(
            new RunEvent.Changed(
                step.plan().topology(),
                step.changes().changes().stream().map(PlanChange::describe).toList()));
    step.leaving().forEach(restarts::fulfil);
    Set<String> restarted =
        step.changes().each(NodeRestarts.class).map(NodeRestarts::node).collect(Collectors.toSet());
    Set<String> all = step.changes().started();
    for (NodeRun node : processes.nodes()) {
      if (all.contains(node.name()) && !step.leaving().contains(node)) {
        if (restarted.contains(node.name())) {
          coordinator.events().add(new RunEvent.NodeRestarted(node.name()));
        }
        started.add(node);
        coordinator.spawn(node);
      }
    }
    coordinator.endIfDone();
    if (problems.isEmpty()) {
      step.done().complete(step.changes().changes());
    } else {
      step.done().completeExceptionally(partial(problems));
    }
  }

  private static LaunchException partial(List<LaunchException> problems) {
    String all = problems.stream().map(LaunchException::what).collect(Collectors.joining("; "));
    return new LaunchException(
        "the change was made, except for this: " + all, problems.get(0).remedy(), problems.get(0));
  }

  /**
   * Whether the run goes on though a node has failed: its QEMU could not be started, and that of an
   * earlier plan ran without it. Those who wait for all nodes to be ready are told.
   */
  boolean bears(NodeRun node, NodeOutcome.Failed outcome) {
    started.removeIf(it -> it.state().compareTo(NodeState.PAUSED) > 0 && it != node);
    if (!(outcome.cause() instanceof FailureCause.CouldNotStart cause) || !started.remove(node)) {
      return false;
    }
    if (node.pid().isEmpty()) {
      node.leave();
      coordinator.unplug(node);
    }
    String message =
        Stream.concat(
                Stream.of(node.name() + " has failed, all others run on: " + cause.describe()),
                cause.remedy().stream())
            .collect(Collectors.joining("\n  "));
    coordinator.starter().giveUp(node, outcome, message);
    return true;
  }
}
