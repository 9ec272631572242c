package dev.topology.run;

import dev.topology.console.GuestText;
import java.time.Duration;
import java.util.Optional;

/** Why a node failed. {@link #describe} says it as the end of the sentence "NODE failed: …". */
public sealed interface FailureCause {

  /** One clause for people, without a full stop. */
  String describe();

  /**
   * QEMU could not be started, or ended before any guest ran.
   *
   * @param remedy what the user can do, one clause, where that is known
   */
  record CouldNotStart(String reason, Optional<String> remedy) implements FailureCause {
    @Override
    public String describe() {
      return "it could not be started: " + reason;
    }
  }

  /** QEMU runs, but cannot be talked to, or does not do as it is told. */
  record OutOfControl(String reason) implements FailureCause {
    @Override
    public String describe() {
      return "its QEMU does not do as it is told: " + reason;
    }
  }

  /** QEMU ended by itself with a status other than 0. */
  record QemuExited(int status) implements FailureCause {
    @Override
    public String describe() {
      return "QEMU ended with exit status " + status;
    }
  }

  /** A signal that was not ours ended QEMU. */
  record QemuKilled(int signal, String signalName) implements FailureCause {
    @Override
    public String describe() {
      return "its QEMU was killed from outside by signal " + signal + " (" + signalName + ")";
    }
  }

  /** The guest's kernel panicked. */
  record GuestPanicked(GuestText panicLine) implements FailureCause {
    @Override
    public String describe() {
      return "its kernel panicked";
    }
  }

  /** The node was not ready in time. */
  record NotReadyInTime(String awaited, Duration within) implements FailureCause {
    @Override
    public String describe() {
      return "it was not ready within " + within.toSeconds() + " s: " + awaited;
    }
  }

  /** The guest ended before what makes it ready had happened. */
  record EndedBeforeReady(String awaited) implements FailureCause {
    @Override
    public String describe() {
      return "it ended before it was ready: " + awaited;
    }
  }

  /** The guest ended without saying how its {@code command} did. */
  record EndedBeforeCommand() implements FailureCause {
    @Override
    public String describe() {
      return "it stopped or rebooted before its command had ended";
    }
  }

  /** The node's {@code command} ended with a status other than 0. */
  record CommandFailed(int status) implements FailureCause {
    @Override
    public String describe() {
      return "its command ended with exit status " + status;
    }
  }

  /** A clean end of a node that has {@code on_exit: fail}. */
  record ServiceEnded() implements FailureCause {
    @Override
    public String describe() {
      return "it ended cleanly, but it is a service that must stay up (on_exit: fail)";
    }
  }

  /** The guest said that it could not carry out what the file asks of it. */
  record GuestError(GuestText message) implements FailureCause {
    @Override
    public String describe() {
      return "its guest reported: " + message;
    }
  }
}
