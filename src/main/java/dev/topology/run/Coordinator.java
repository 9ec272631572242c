package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.guest.GuestMessage;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reasons;
import dev.topology.run.node.FailureCause;
import dev.topology.run.node.GuestEnd;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeEndedException;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeProgress;
import dev.topology.run.node.NodeSignals;
import dev.topology.run.node.NodeState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Hands what is said and asked in a run to those who decide: {@link Starter}, {@link Judge}, {@link
 * Restarts}, {@link Teardown}.
 *
 * <p>All of their state belongs to one thread, the {@link Loop}: whatever the readers of consoles,
 * control ports, QMP and exits have to say is handed over to it, so that there is one order of
 * events and exactly one first failure. It never blocks on a guest.
 */
final class Coordinator {

  /** How long QEMU may take to end once its guest has panicked, or a conversation broke. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** How long a guest may take to power off once it has said that its command ended. */
  private static final Duration TO_POWER_OFF = Duration.ofSeconds(10);

  private final EventLog events = new EventLog();
  private final ClockWatch clock = new ClockWatch(System::currentTimeMillis, System::nanoTime);
  private final Loop loop;
  private final Fleet fleet;
  private final Roster roster;
  private final Teardown teardown;
  private final Judge judge;
  private final Starter starter;
  private final Restarts restarts;
  private final CompletableFuture<TopologyOutcome> over = new CompletableFuture<>();
  private final CompletableFuture<List<HostPort>> launched = Teardown.endingWith(over);
  private final CompletableFuture<Void> ready = Teardown.endingWith(over);

  /**
   * @param places how many guests may boot at once
   */
  Coordinator(LaunchPlan plan, Fleet fleet, RunListener listener, int places) {
    this.fleet = fleet;
    events.addListener(listener::happened);
    roster = new Roster(plan, fleet);
    loop = new Loop("topology-" + plan.topology().name(), this::crashed);
    teardown = new Teardown(roster, fleet, events, loop, over);
    judge =
        new Judge(roster, new CompletionRule(plan.topology()), teardown, events, fleet::stderrOf);
    starter = new Starter(roster, fleet, judge, events, loop, launched, ready, places);
    restarts = new Restarts(roster, teardown, events, this::spawn);
  }

  private void crashed(Throwable cause) {
    teardown.crash(cause);
  }

  /** A fault in whatever thread: nothing may be left running. */
  void crash(Throwable cause) {
    loop.post(() -> crashed(cause));
  }

  CompletableFuture<List<HostPort>> launched() {
    return launched;
  }

  CompletableFuture<Void> ready() {
    return ready;
  }

  CompletableFuture<TopologyOutcome> over() {
    return over;
  }

  EventLog events() {
    return events;
  }

  Fleet fleet() {
    return fleet;
  }

  /** The node of that name, in the life it lives now. */
  NodeProgress progressOf(String name) {
    return roster.of(name);
  }

  /** What made the whole run end, if something has. */
  Optional<String> firstFailure() {
    return teardown.firstFailure();
  }

  void start() {
    post(this::launch);
    loop.after(ClockWatch.INTERVAL, this::watchClock);
    var unused =
        fleet.guardLost().thenAccept(status -> post(() -> onGuardLost(status.description())));
    fleet.onCableBroken(cause -> post(() -> crashed(cause)));
    fleet.onCaptureLost(
        (node, message) -> post(() -> events.add(new RunEvent.Warned(node, message))));
  }

  /** A guest that was told once what time it is lives by that until somebody tells it again. */
  private void watchClock() {
    if (clock.hasJumped()) {
      for (NodeProgress node : roster.all()) {
        if (node.state().compareTo(NodeState.STARTED) >= 0 && !node.hasEnded() && !node.isHeld()) {
          var unused = node.ports().shell().setClock();
        }
      }
    }
    loop.after(ClockWatch.INTERVAL, this::watchClock);
  }

  private void launch() {
    for (NodeProgress node : roster.all()) {
      if (!teardown.hasBegun()) {
        spawn(node);
      }
    }
  }

  private void spawn(NodeProgress node) {
    starter.spawn(node, new Inbox(node));
  }

  private void onGuardLost(String how) {
    String reason =
        "the process that ends its QEMUs should this one die has gone (" + how + "); who ended it?";
    teardown.begin(Ending.with(new TopologyOutcome.Unguarded(reason)));
  }

  /** Asks for the end of the run; the first one who asks is heard. */
  void stop(TopologyOutcome why) {
    post(() -> teardown.begin(Ending.with(why)));
  }

  /** Waits until its thread has ended, up to two seconds; the run has to be over. */
  void join() throws InterruptedException {
    loop.join();
  }

  /** Takes a node's power away; the run goes on without it. */
  void kill(String name) {
    post(() -> end(name, () -> fleet.kill(name)));
  }

  /** Ends a node's QEMU as softly as that can be done; the run goes on without it. */
  void stop(String name) {
    post(() -> end(name, () -> terminate(name)));
  }

  private void end(String name, Runnable how) {
    NodeProgress node = roster.of(name);
    if (node.hasEnded()) {
      return;
    }
    judge.stopped(node);
    how.run();
    if (!node.hasBeenReady()) {
      ready.completeExceptionally(
          new NodeEndedException(
              name, new NodeOutcome.Stopped(), name + " was stopped before it was ready"));
    }
  }

  private void terminate(String name) {
    NodeProgress node = roster.of(name);
    fleet.terminate(name);
    loop.after(Teardown.GRACE, () -> killIfStillThere(node));
  }

  private void killIfStillThere(NodeProgress node) {
    if (!node.gone().isDone()) {
      fleet.kill(node.name());
    }
  }

  /**
   * Gives a node another life.
   *
   * @return completes when its QEMU is being spawned; exceptionally, with a {@link
   *     RunEndedException}, if the run ends before
   */
  CompletableFuture<Void> restart(String name) {
    CompletableFuture<Void> done = Teardown.endingWith(over);
    post(
        () -> {
          NodeProgress node = roster.of(name);
          if (!node.hasEnded() && !teardown.hasBegun()) {
            judge.stopped(node);
            terminate(name);
          }
          restarts.want(node, done);
        });
    return done;
  }

  /** Tells everyone, before it returns, of something that was done by this thread. */
  void tell(RunEvent event) {
    events.add(event);
  }

  /** Whatever happens may be what another node has waited for. */
  private void post(Runnable decision) {
    loop.post(() -> decide(decision));
  }

  private void decide(Runnable decision) {
    decision.run();
    starter.goOn();
  }

  /** Puts what a node's readers say on the coordinator's own thread. */
  private final class Inbox implements NodeSignals {

    private final NodeProgress node;

    Inbox(NodeProgress node) {
      this.node = node;
    }

    @Override
    public void paused(List<HostPort> ports) {
      post(() -> starter.onPaused(node, ports));
    }

    @Override
    public void said(GuestMessage message) {
      post(() -> onSaid(node, message));
    }

    @Override
    public void conditionMet() {
      post(() -> starter.onReady(node));
    }

    @Override
    public void panicked(GuestText line) {
      post(() -> node.notePanic(line));
      failAfterLastWords(node, new FailureCause.GuestPanicked(line));
    }

    @Override
    public void broke(FailureCause cause) {
      failAfterLastWords(node, cause);
    }

    @Override
    public void failed(FailureCause cause) {
      post(() -> judge.failed(node, cause));
    }

    @Override
    public void ending(GuestEnd how) {
      post(() -> node.noteEnd(how));
    }

    @Override
    public void exited(ExitStatus status) {
      post(() -> onExit(node, status));
    }

    @Override
    public void warned(String message) {
      tell(new RunEvent.Warned(node.name(), message));
    }
  }

  /** For what usually ends QEMU too, whose exit then says more. */
  private void failAfterLastWords(NodeProgress node, FailureCause cause) {
    loop.after(LAST_WORDS, () -> decide(() -> judge.failed(node, cause)));
  }

  private void onSaid(NodeProgress node, GuestMessage message) {
    if (node.hasEnded()) {
      return;
    }
    if (message instanceof GuestMessage.Hello) {
      starter.onHello(node);
    } else if (message instanceof GuestMessage.Ready
        && node.plan().ready().signal() instanceof Signal.Control) {
      starter.onReady(node);
    } else if (message instanceof GuestMessage.Exit exit) {
      node.noteCommandStatus(exit.status());
      loop.after(TO_POWER_OFF, () -> decide(() -> powerOff(node)));
    } else if (message instanceof GuestMessage.Failure failure) {
      judge.failed(node, new FailureCause.GuestError(failure.text()));
    }
  }

  /** For a guest that has said that its command ended, and does not do what follows from that. */
  private void powerOff(NodeProgress node) {
    if (!node.gone().isDone() && roster.of(node.name()) == node) {
      judge.commandEnded(node);
      terminate(node.name());
    }
  }

  private void onExit(NodeProgress node, ExitStatus status) {
    try {
      fleet.gone(node.name());
    } catch (IOException e) {
      String message = "its neighbours may stall, for its cables cannot be unplugged: ";
      events.add(new RunEvent.Warned(node.name(), message + Reasons.of(e)));
    }
    boolean reboots = !teardown.hasBegun() && judge.exited(node, status);
    node.leave();
    restarts.onGone(node);
    if (reboots) {
      bootAgain(node);
    }
    teardown.finishIfAllAreGone();
  }

  private void bootAgain(NodeProgress node) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    var unused =
        begun.exceptionally(
            e -> {
              events.add(
                  new RunEvent.Warned(
                      node.name(), "it rebooted and cannot be booted again: " + e.getMessage()));
              return null;
            });
    restarts.want(node, begun);
  }
}
