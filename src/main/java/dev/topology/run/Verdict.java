package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.posix.ExitStatus;

/** Judges how a node ended by itself, from all that was seen of it. */
final class Verdict {

  private Verdict() {}

  /** The outcome of a node whose command ended with that status. */
  static NodeOutcome ofCommand(NodeProgress node, int status) {
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
    if (status instanceof ExitStatus.Signalled signalled) {
      return failed(new FailureCause.QemuKilled(signalled.number(), signalled.name()));
    }
    if (node.panicLine().isPresent()) {
      return failed(new FailureCause.GuestPanicked(node.panicLine().get()));
    }
    if (status instanceof ExitStatus.Exited exited && exited.code() != 0) {
      return failed(new FailureCause.QemuExited(exited.code()));
    }
    return ofCleanExit(node);
  }

  /** QEMU ended with status 0: the guest powered off or rebooted. */
  private static NodeOutcome ofCleanExit(NodeProgress node) {
    if (node.plan().node().command().isPresent()) {
      return failed(new FailureCause.EndedBeforeCommand());
    }
    if (node.isAt(NodeState.STARTED) && node.plan().ready().signal() instanceof Signal.Given) {
      return failed(new FailureCause.EndedBeforeReady(Awaited.describe(node.plan().ready())));
    }
    return ofCleanEnd(node.plan().node());
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
