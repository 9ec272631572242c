package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.guest.GuestMessage;
import dev.topology.posix.ExitStatus;
import java.util.List;

/**
 * What a node's reader threads have to say. Every call returns at once: the receiver only notes it
 * for its own thread.
 */
public interface NodeSignals {

  /** QEMU is up, its guest paused, and these ports of the host lead to it. */
  void paused(List<HostPort> hostPorts);

  /** The guest said something over the control port. */
  void said(GuestMessage message);

  /** What the user made readiness depend on has happened. */
  void conditionMet();

  /** The guest's kernel printed that it panicked. */
  void panicked(GuestText line);

  /**
   * Something broke of which the end of QEMU may be the reason, or the effect; that end is
   * signalled by itself a moment later.
   */
  void broke(FailureCause cause);

  /** Something happened that the node cannot go on from. */
  void failed(FailureCause cause);

  /** QEMU said why it is about to end. */
  void ending(GuestEnd how);

  /** Something went wrong that does not end the run. */
  void warned(String message);

  /** QEMU ended, and everything it and its guest had said before has been signalled. */
  void exited(ExitStatus status);
}
