package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.guest.GuestMessage;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reasons;
import dev.topology.posix.SystemCallException;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeSignals;
import dev.topology.run.node.NodeSignals.GuestEnd;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Decides everything in a run: when a guest starts, whether a node is ready, has failed or is to be
 * restarted, and when the run is over.
 *
 * <p>All of its state belongs to one thread, the {@link Loop}. The readers of consoles, control
 * ports, QMP and exits post to it what they find out, so exactly one failure is the first. It never
 * blocks on a guest.
 */
final class Coordinator {

  /** How long QEMU may take to end once its guest has panicked, or a conversation broke. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** How long a guest may take to power off once it has said that its command ended. */
  private static final Duration TO_POWER_OFF = Duration.ofSeconds(10);

  private final NodeProcesses processes;
  private final EventLog events = new EventLog();
  private final Loop loop;
  private final PowerOff power;
  private final Teardown teardown;
  private final GuestStarter starter;
  private final Restarts restarts;
  private final Transition transition;
  private final Checkpointing checkpointing;

  /**
   * @param bootingAtOnce how many guests may boot at once
   */
  Coordinator(LaunchPlan plan, NodeProcesses processes, RunListener listener, int bootingAtOnce) {
    this.processes = processes;
    this.loop = new Loop("topology-" + plan.topology().name(), this::startGuests, this::crashed);
    this.power = new PowerOff(loop);
    this.teardown = new Teardown(processes, events, loop);
    this.starter = new GuestStarter(processes, events, loop, teardown, bootingAtOnce, this::fail);
    this.restarts = new Restarts(processes, events, teardown, this::spawn);
    this.transition = new Transition(this, loop, restarts);
    this.checkpointing = new Checkpointing(this);
    events.addListener(listener::happened);
  }

  // What others may ask of it, by any thread.

  Teardown teardown() {
    return teardown;
  }

  GuestStarter starter() {
    return starter;
  }

  EventLog events() {
    return events;
  }

  NodeProcesses processes() {
    return processes;
  }

  /** Begins to bring the nodes up. Returns at once. */
  void start() {
    loop.post(() -> processes.nodes().forEach(this::spawn));
    loop.afterClockJumps(this::setClocks);
    var unused =
        processes
            .guardLost()
            .thenAccept(status -> loop.post(() -> onGuardLost(status.description())));
    unused = processes.cabling().broken().thenAccept(cause -> loop.post(() -> crashed(cause)));
    processes
        .cabling()
        .onLost((node, message) -> loop.post(() -> events.add(new RunEvent.Warned(node, message))));
  }

  /** Asks for the end of the run; the first request counts. */
  void stop(TopologyOutcome why) {
    loop.post(() -> teardown.begin(why));
  }

  /** A fault in this program, in any thread: nothing may be left running. */
  void crash(Throwable cause) {
    loop.post(() -> crashed(cause));
  }

  /** Waits until its thread has ended, up to two seconds; the run has to be over. */
  void join() throws InterruptedException {
    loop.join();
  }

  /** Ends a node as if its power were cut; the run goes on without it. */
  void kill(String name) {
    loop.post(() -> stop(processes.node(name), NodeRun::kill));
  }

  /** Asks a node's QEMU to end, and kills it if it does not; the run goes on without it. */
  void stop(String name) {
    loop.post(() -> stop(processes.node(name), this::terminate));
  }

  /**
   * Restarts a node. If that was asked for before and is not done yet, this is the same restart.
   *
   * @return completes when its QEMU is being spawned; exceptionally, with a {@link
   *     RunEndedException}, if the run ends before
   */
  CompletableFuture<Void> restart(String name) {
    CompletableFuture<Void> done = teardown.endingWithTheRun();
    loop.post(
        () -> {
          NodeRun node = processes.node(name);
          if (!processes.nodes().contains(node)) {
            done.completeExceptionally(new IllegalStateException(name + " is there no more"));
          } else if (transition.holds(node)) {
            restarts.note(node, done);
          } else {
            if (!node.hasEnded() && !teardown.hasBegun()) {
              settleStopped(node);
              terminate(node);
            }
            restarts.restart(node, done);
          }
        });
    return done;
  }

  /** What carries another plan out. */
  Transition transition() {
    return transition;
  }

  /** What saves the run. */
  Checkpointing checkpointing() {
    return checkpointing;
  }

  /** Runs something on the thread that decides. */
  void decide(Runnable task) {
    loop.post(task);
  }

  private void crashed(Throwable cause) {
    teardown.crash(cause);
  }

  // The thread that decides.

  /** After each task of the thread: any decision may be what another node has waited for. */
  private void startGuests() {
    starter.startGuests();
  }

  // Bringing nodes up.

  /** Spawns a node's QEMU, its guest held; a node that cannot be spawned has failed. */
  void spawn(NodeRun node) {
    if (teardown.hasBegun()) {
      return;
    }
    try {
      processes.spawn(node, new Inbox(node));
    } catch (LaunchException e) {
      boolean hostRefused = e.getCause() instanceof SystemCallException;
      fail(node, new FailureCause.CouldNotStart(e.what(), Optional.of(e.remedy()), hostRefused));
    }
  }

  /** A guest is told the time once, and has to be told again when the host's clock has jumped. */
  private void setClocks() {
    for (NodeRun node : processes.nodes()) {
      if (node.state().compareTo(NodeState.STARTED) >= 0 && !node.hasEnded() && !node.isHeld()) {
        var unused = node.ports().shell().setClock();
      }
    }
  }

  // What nodes do.

  /** Hands what a node's readers find out to the thread that decides. */
  private final class Inbox implements NodeSignals {

    private final NodeRun node;

    Inbox(NodeRun node) {
      this.node = node;
    }

    @Override
    public void paused(List<HostPort> ports) {
      loop.post(
          () -> {
            if (!node.hasEnded()) {
              node.noteHostPorts(ports);
              node.advance(NodeState.PAUSED);
            }
          });
    }

    @Override
    public void said(GuestMessage message) {
      loop.post(() -> onSaid(node, message));
    }

    @Override
    public void conditionMet() {
      loop.post(() -> starter.onReady(node));
    }

    @Override
    public void tried(GuestText result) {
      node.notes().noteAttempt(result);
    }

    @Override
    public void panicked(GuestText line) {
      loop.post(() -> node.notes().notePanic(line));
      broke(new FailureCause.GuestPanicked(line));
    }

    /** Usually QEMU ends as well, and its exit then says more. */
    @Override
    public void broke(FailureCause cause) {
      loop.after(LAST_WORDS, () -> fail(node, cause));
    }

    @Override
    public void failed(FailureCause cause) {
      loop.post(() -> fail(node, cause));
    }

    @Override
    public void ending(GuestEnd how) {
      loop.post(() -> node.notes().noteEnd(how));
    }

    @Override
    public void exited(ExitStatus status) {
      loop.post(() -> onExit(node, status));
    }

    @Override
    public void warned(String message) {
      events.add(new RunEvent.Warned(node.name(), message));
    }
  }

  private void onSaid(NodeRun node, GuestMessage message) {
    if (node.hasEnded()) {
      return;
    }
    if (message instanceof GuestMessage.Hello) {
      starter.onHello(node);
    } else if (message instanceof GuestMessage.Ready) {
      starter.onSetUp(node);
    } else if (message instanceof GuestMessage.Exit exit) {
      node.notes().noteCommandStatus(exit.status());
      loop.after(TO_POWER_OFF, () -> powerOff(node));
    } else if (message instanceof GuestMessage.Failure failure) {
      fail(node, new FailureCause.GuestError(failure.text()));
    }
  }

  /** For a guest that has said that its command ended, and does not power off. */
  private void powerOff(NodeRun node) {
    if (!node.gone().isDone()) {
      if (!node.hasEnded()) {
        settle(node, Outcomes.ofCommand(node));
      }
      power.terminate(node);
    }
  }

  /** It has no QEMU any more: what comes to it goes nowhere. */
  void unplug(NodeRun node) {
    try {
      processes.unplug(node);
    } catch (IOException e) {
      String message = "its neighbours may stall, for its cables cannot be unplugged: ";
      events.add(new RunEvent.Warned(node.name(), message + Reasons.of(e)));
    }
  }

  private void onExit(NodeRun node, ExitStatus status) {
    unplug(node);
    boolean reboots = false;
    if (!node.hasEnded()) {
      NodeOutcome outcome = Outcomes.ofExit(node, status);
      settle(node, outcome);
      reboots = outcome instanceof NodeOutcome.Rebooted;
    }
    node.leave();
    if (!transition.holds(node)) {
      restarts.restartIfWanted(node);
      if (reboots) {
        restarts.bootAgain(node);
      }
    }
    teardown.finishIfAllAreGone();
  }

  private void onGuardLost(String how) {
    String reason =
        "the process that ends its QEMUs should this one die has gone (" + how + "); who ended it?";
    teardown.begin(new TopologyOutcome.Unguarded(reason));
  }

  // How nodes end.

  /** It failed, unless it has ended before, or has said how it ends. */
  private void fail(NodeRun node, FailureCause cause) {
    if (!node.hasEnded() && node.notes().commandStatus().isEmpty()) {
      settle(node, new NodeOutcome.Failed(cause));
    }
  }

  /** A node has ended by itself: the run goes on, is over, or has failed. */
  private void settle(NodeRun node, NodeOutcome outcome) {
    settleAlone(node, outcome);
    if (outcome instanceof NodeOutcome.Failed failed) {
      if (!transition.bears(node, failed)) {
        teardown.beginFor(node);
      }
    } else {
      endIfDone();
    }
  }

  /** Ends the run if every task has ended in success. */
  void endIfDone() {
    List<String> tasks = TopologyOutcome.Done.tasks(processes.plan().topology());
    boolean isPart = processes.plan().isPart();
    if (!isPart
        && !tasks.isEmpty()
        && tasks.stream().allMatch(name -> processes.node(name).isDone())) {
      teardown.begin(new TopologyOutcome.Done());
    }
  }

  private void settleAlone(NodeRun node, NodeOutcome outcome) {
    node.end(outcome);
    events.add(new RunEvent.NodeEnded(node.name(), outcome, node.elapsed()));
  }

  /** The user stops it: the run goes on without it. */
  void settleStopped(NodeRun node) {
    if (node.notes().commandStatus().isPresent()) {
      settle(node, Outcomes.ofCommand(node));
    } else {
      settleAlone(node, new NodeOutcome.Stopped());
    }
  }

  private void stop(NodeRun node, Consumer<NodeRun> how) {
    if (node.hasEnded()) {
      return;
    }
    settleStopped(node);
    how.accept(node);
    if (!node.hasBeenReady()) {
      starter.giveUp(
          node, new NodeOutcome.Stopped(), node.name() + " was stopped before it was ready");
    }
  }

  /** Ends the QEMU of a node that has ended otherwise; the run goes on. */
  void terminate(NodeRun node) {
    power.stop(node);
  }
}
