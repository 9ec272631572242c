package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.model.Memory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How a node ended. */
public sealed interface NodeOutcome {

  /** {@code done}, {@code failed}, {@code rebooted} or {@code stopped}. */
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** It ended by itself, and that was a success. */
  record Done() implements NodeOutcome {}

  /** It failed. */
  record Failed(FailureCause cause) implements NodeOutcome {}

  /** It rebooted by itself, which is neither a success nor a failure: it is booted again. */
  record Rebooted() implements NodeOutcome {}

  /** It was stopped: because the run was over, another node failed, or the user asked. */
  record Stopped() implements NodeOutcome {}

  /** Why a node failed. {@link #describe} says it as the end of the sentence "NODE failed: …". */
  sealed interface FailureCause {

    /** One clause for people, without a full stop. */
    String describe();

    /** What the user can do, one clause, where that is known and not said by the description. */
    default Optional<String> remedy() {
      return Optional.empty();
    }

    /**
     * QEMU could not be started, or ended before any guest ran.
     *
     * @param remedy what the user can do, one clause, where that is known
     * @param hostRefused whether the operating system did not let it be spawned
     */
    record CouldNotStart(String reason, Optional<String> remedy, boolean hostRefused)
        implements FailureCause {
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

      private static final String BEFORE_THE_REASON = "not syncing: ";

      /** Said by Linux where the free memory has no piece as large as the initramfs. */
      private static final String NO_PLACE_FOR_INITRAMFS = "Cannot find place for new RAMDISK";

      @Override
      public String describe() {
        String reason = reason();
        boolean tooSmall =
            (reason.contains("memory") && !reason.contains("Attempted to kill"))
                || reason.startsWith(NO_PLACE_FOR_INITRAMFS);
        return "its kernel panicked (" + reason + (tooSmall ? "; memory: gives it more)" : ")");
      }

      private String reason() {
        String line = panicLine.toString();
        int at = line.indexOf(BEFORE_THE_REASON);
        return at < 0 ? line : line.substring(at + BEFORE_THE_REASON.length());
      }
    }

    /** Linux goes on when its memory is full half way through its initramfs. */
    record InitramfsDidNotFit(Memory memory) implements FailureCause {
      @Override
      public String describe() {
        return "its initramfs, in which its files are, needs more than its "
            + memory
            + " of memory (memory: gives it more)";
      }
    }

    /** A connection from the guest broke off although the guest runs: its output would be lost. */
    record Unheard(String reason) implements FailureCause {
      @Override
      public String describe() {
        return "what its guest says cannot be read any more: " + reason;
      }
    }

    /** The node was not ready in time. */
    record NotReadyInTime(String awaited, Duration within) implements FailureCause {
      @Override
      public String describe() {
        return "it was not ready within " + within.toSeconds() + " s: " + awaited;
      }
    }

    /**
     * The guest ended before what makes it ready had happened.
     *
     * @param how what the guest did: {@code powered off}
     * @param hint what may be the reason, where something hints at it
     */
    record EndedBeforeReady(String how, String awaited, Optional<String> hint)
        implements FailureCause {
      @Override
      public String describe() {
        return "it "
            + how
            + " before it was ready"
            + hint.map(text -> " (" + text + ")").orElse("")
            + ": "
            + awaited;
      }
    }

    /**
     * The guest ended without saying how its {@code command} did.
     *
     * @param how what the guest did: {@code powered off}
     */
    record EndedBeforeCommand(String how) implements FailureCause {
      @Override
      public String describe() {
        return "it " + how + " before its command had ended";
      }
    }

    /** The guest reset its machine, and that is no reboot to carry on from. */
    record GuestReset(String what) implements FailureCause {
      @Override
      public String describe() {
        return what;
      }
    }

    /** Another program ended QEMU; QEMU may name it on its standard error. */
    record EndedFromOutside() implements FailureCause {
      @Override
      public String describe() {
        return "its QEMU was ended from outside";
      }
    }

    /** The node's {@code command} ended with a status other than 0. */
    record CommandFailed(int status) implements FailureCause {
      @Override
      public String describe() {
        return "its command ended with exit status " + status;
      }
    }

    /**
     * A command of the node's {@code exec} failed.
     *
     * @param command its first line
     * @param how it failed, a clause with what it wrote last: {@code ended with exit status 2: …}
     */
    record ExecFailed(String command, GuestText how) implements FailureCause {
      @Override
      public String describe() {
        return '"' + command + "\" of its exec " + how;
      }
    }

    /** A clean end of a node that has {@code on_exit: fail}. */
    record ServiceEnded() implements FailureCause {
      @Override
      public String describe() {
        return "it ended cleanly, but it is a service that must stay up (on_exit: fail)";
      }
    }

    /**
     * What serves one of its shares ended while its guest ran.
     *
     * @param directory that is shared
     * @param how it ended: {@code exit status 1}
     * @param lastWords the last line that it wrote; may be empty
     */
    record ShareLost(Path directory, String how, GuestText lastWords) implements FailureCause {
      @Override
      public String describe() {
        return "the virtiofsd that shares "
            + directory
            + " ended with "
            + how
            + (lastWords.isBlank() ? "" : ": " + lastWords);
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
}
