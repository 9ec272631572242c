package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.guest.GuestMessage;
import dev.topology.posix.ExitStatus;
import dev.topology.run.node.NodeOutcome.FailureCause;
import java.util.List;

/**
 * What the threads that read from a node and its guest report. Every call returns at once: the
 * receiver only notes it for its own thread.
 */
public interface NodeSignals {

  /** QEMU is up, its guest paused, and these ports of the host lead to it. */
  void paused(List<HostPort> hostPorts);

  /** The guest said something over the control port. */
  void said(GuestMessage message);

  /** What the user made readiness depend on has happened. */
  void conditionMet();

  /** What came of the last attempt to find out whether it is ready. */
  void tried(GuestText result);

  /** The guest's kernel printed that it panicked. */
  void panicked(GuestText line);

  /**
   * Something broke, perhaps as QEMU has ended or is about to; the end of QEMU is signalled by
   * itself a moment later.
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

  /**
   * Why QEMU ended by itself with status 0, as its event {@code SHUTDOWN} tells: ShutdownCause in
   * qapi/run-state.json.
   */
  public enum GuestEnd {
    /** Its guest switched the machine off. */
    POWER_OFF("powered off"),
    /** Its guest, or a crash of its guest, reset the machine, which ends QEMU with -no-reboot. */
    RESET("reset itself"),
    /** Somebody other than this program asked QEMU to end, by a signal or its monitor. */
    FROM_OUTSIDE("was ended from outside"),
    /** QEMU said nothing. */
    UNKNOWN("ended");

    private final String verb;

    GuestEnd(String verb) {
      this.verb = verb;
    }

    static GuestEnd of(String reason) {
      return switch (reason) {
        case "guest-shutdown" -> POWER_OFF;
        case "guest-reset", "guest-panic" -> RESET;
        case "host-signal", "host-qmp-quit", "host-ui" -> FROM_OUTSIDE;
        default -> UNKNOWN;
      };
    }

    /** What the guest did, for people: {@code powered off}. */
    public String verb() {
      return verb;
    }
  }
}
