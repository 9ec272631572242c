package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.posix.ExitStatus;
import dev.topology.run.node.FailureCause;
import dev.topology.run.node.GuestEnd;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeProgress;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.StartFailure;
import java.util.Optional;

/** Judges how a node ended by itself, from all that was seen of it. */
final class Verdict {

  /** Below this, the kernel of the built-in image may end a boot for want of memory. */
  private static final Memory ENOUGH = Memory.ofMebibytes(128);

  /** After so many reboots in a row right after it was ready, a guest will not stop rebooting. */
  private static final int MOST_REBOOTS = 3;

  private Verdict() {}

  /** The outcome of a node whose guest said how its command ended. */
  static NodeOutcome ofCommand(NodeProgress node) {
    int status = node.commandStatus().orElseThrow();
    if (status != 0) {
      return failed(new FailureCause.CommandFailed(status));
    }
    return ofCleanEnd(node.plan().node());
  }

  /** The outcome of a node whose QEMU ended without being asked to. */
  static NodeOutcome ofExit(NodeProgress node, ExitStatus status, GuestText stderr) {
    if (node.isAt(NodeState.SPAWNED) || node.isAt(NodeState.PAUSED)) {
      return failed(StartFailure.explain(node.plan(), status, stderr));
    }
    if (node.commandStatus().isPresent()) {
      return ofCommand(node);
    }
    if (status instanceof ExitStatus.Signalled signalled) {
      return failed(new FailureCause.QemuKilled(signalled.number(), signalled.name()));
    }
    if (node.panicLine().isPresent()) {
      return failed(new FailureCause.GuestPanicked(node.panicLine().get()));
    }
    if (status instanceof ExitStatus.Exited exited && exited.code() != 0) {
      return failed(new FailureCause.QemuExited(exited.code()));
    }
    if (node.guestEnd() == GuestEnd.FROM_OUTSIDE) {
      return failed(new FailureCause.EndedFromOutside());
    }
    return ofGuestEnd(node);
  }

  /** QEMU ended with status 0: the guest powered off, or reset its machine. */
  private static NodeOutcome ofGuestEnd(NodeProgress node) {
    String how = node.guestEnd().verb();
    if (!node.hasBeenReady()) {
      return failed(
          new FailureCause.EndedBeforeReady(
              how, Awaited.describe(node.plan().ready()), hint(node.plan().node().memory())));
    }
    if (isTask(node.plan().node())) {
      return failed(new FailureCause.EndedBeforeCommand(how));
    }
    return node.guestEnd() == GuestEnd.RESET ? ofReset(node) : ofCleanEnd(node.plan().node());
  }

  private static Optional<String> hint(Memory memory) {
    return memory.bytes() < ENOUGH.bytes()
        ? Optional.of("its " + memory + " of memory may be too little")
        : Optional.empty();
  }

  private static boolean isTask(Node node) {
    return node.command().isPresent() && node.onExit() == OnExit.DONE;
  }

  private static NodeOutcome ofReset(NodeProgress node) {
    if (node.plan().ready().signal() instanceof Signal.Running) {
      return failed(
          new FailureCause.GuestReset(
              "it reset itself, by a reboot or a crash, which cannot be told apart, as its image"
                  + " never says that it is ready"));
    }
    return node.rebootsInARow() < MOST_REBOOTS
        ? new NodeOutcome.Rebooted()
        : failed(
            new FailureCause.GuestReset(
                "it rebooted "
                    + (MOST_REBOOTS + 1)
                    + " times in a row, each time as soon as it was ready"));
  }

  private static NodeOutcome ofCleanEnd(Node node) {
    return node.onExit() == OnExit.FAIL
        ? failed(new FailureCause.ServiceEnded())
        : new NodeOutcome.Done();
  }

  private static NodeOutcome failed(FailureCause cause) {
    return new NodeOutcome.Failed(cause);
  }
}
