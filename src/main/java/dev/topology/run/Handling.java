package dev.topology.run;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import java.time.Duration;

/**
 * What is done to a node's guest and its network cards by way of QEMU, not while the run is saved.
 * Thread-safe.
 */
final class Handling {

  private static final Duration FOR_QEMU = Duration.ofSeconds(10);

  private final RunningNode node;
  private final Coordinator coordinator;

  Handling(RunningNode node, Coordinator coordinator) {
    this.node = node;
    this.coordinator = coordinator;
  }

  /** See {@link RunningNode#pause}. */
  void pause() throws InterruptedException {
    requireStarted();
    coordinator
        .checkpointing()
        .undisturbed(
            () -> {
              execute(QmpCommand.hold(), "QEMU had held it");
              note(true, new RunEvent.NodePaused(node.name()));
            });
  }

  /** See {@link RunningNode#resume}. */
  void resume() throws InterruptedException {
    requireStarted();
    coordinator
        .checkpointing()
        .undisturbed(
            () -> {
              execute(QmpCommand.resume(), "QEMU had let it go on");
              note(false, new RunEvent.NodeResumed(node.name()));
            });
    node.current().ports().shell().awaitClockSet();
  }

  private void requireStarted() {
    if (node.state().compareTo(NodeState.STARTED) < 0) {
      throw new IllegalStateException(node.name() + " has not been started yet");
    }
  }

  private void note(boolean held, RunEvent event) {
    if (node.current().isHeld() != held) {
      node.current().hold(held);
      coordinator.events().add(event);
    }
  }

  /** Gives one of its cards its carrier, or takes it away. */
  void setLink(String interfaceId, boolean up) throws InterruptedException {
    coordinator
        .checkpointing()
        .undisturbed(
            () -> {
              execute(
                  QmpCommand.setLink(interfaceId, up),
                  "QEMU had plugged or unplugged " + interfaceId);
              var unplugged = node.current().ports().unplugged();
              if (up) {
                unplugged.remove(interfaceId);
              } else {
                unplugged.add(interfaceId);
              }
            });
  }

  private void execute(QmpCommand command, String what) throws InterruptedException {
    NodeWaiter now = node.waiter();
    now.await(now.ports().qmp().execute(command), Deadline.in(FOR_QEMU), what);
  }
}
