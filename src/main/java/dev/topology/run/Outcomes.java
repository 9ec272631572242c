package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.posix.ExitStatus;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeSignals.GuestEnd;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.PortHolder;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges how a node ended, from all that was seen of it. Pure functions. */
final class Outcomes {

  /** Below this, the kernel of the built-in image may end a boot for want of memory. */
  private static final Memory ENOUGH = Memory.ofMebibytes(128);

  /** After so many reboots in a row right after it was ready, a guest will not stop rebooting. */
  private static final int MOST_REBOOTS = 3;

  /** net/slirp.c names the rule, but not the reason. */
  private static final Pattern FORWARD =
      Pattern.compile("Could not set up host forwarding rule '(tcp|udp):([^:]*):(\\d+)-[^']*'");

  /** softmmu/physmem.c, when the host's memory does not suffice. */
  private static final Pattern MEMORY = Pattern.compile("cannot set up guest memory");

  /** block/file-posix.c, raw_check_lock_bytes and what block.c adds to it. */
  private static final Pattern LOCK =
      Pattern.compile(
          "Failed to get (shared )?\"[^\"]*\" lock\\s+Is another process using the image \\[(.*?)\\]");

  /** hw/core/qdev.c, when the 24 slots of the machine are used up. */
  private static final Pattern SLOTS = Pattern.compile("No 'virtio-bus' bus found for device");

  /**
   * hw/i386/x86.c and hw/arm/boot.c: it has to be in the memory beside the kernel, below 4 GiB on a
   * microvm.
   */
  private static final Pattern INITRD =
      Pattern.compile("initrd is too large|could not load initrd|not enough space after kernel");

  private static final String NOT_SET_UP = "the guest did not say \"ready\" over its control port";

  private Outcomes() {}

  /** The outcome of a node whose guest said how its command ended. */
  static NodeOutcome ofCommand(NodeRun node) {
    int status = node.notes().commandStatus().orElseThrow();
    if (status != 0) {
      return failed(new FailureCause.CommandFailed(status));
    }
    return ofCleanEnd(node.plan().node());
  }

  /** The outcome of a node whose QEMU ended without being asked to. */
  static NodeOutcome ofExit(NodeRun node, ExitStatus status) {
    if (node.isAt(NodeState.SPAWNED) || node.isAt(NodeState.PAUSED)) {
      return failed(notStarted(node.plan(), status, node.stderr()));
    }
    if (node.notes().commandStatus().isPresent()) {
      return ofCommand(node);
    }
    if (status instanceof ExitStatus.Signalled signalled) {
      return failed(new FailureCause.QemuKilled(signalled.number(), signalled.name()));
    }
    if (node.notes().panicLine().isPresent()) {
      return failed(new FailureCause.GuestPanicked(node.notes().panicLine().get()));
    }
    if (status instanceof ExitStatus.Exited exited && exited.code() != 0) {
      return failed(new FailureCause.QemuExited(exited.code()));
    }
    if (node.notes().guestEnd() == GuestEnd.FROM_OUTSIDE) {
      return failed(new FailureCause.EndedFromOutside());
    }
    return ofGuestEnd(node);
  }

  /** QEMU ended with status 0: the guest powered off, or reset its machine. */
  private static NodeOutcome ofGuestEnd(NodeRun node) {
    String how = node.notes().guestEnd().verb();
    if (!node.hasBeenReady()) {
      return failed(
          new FailureCause.EndedBeforeReady(how, awaited(node), hint(node.plan().node().memory())));
    }
    if (isTask(node.plan().node())) {
      return failed(new FailureCause.EndedBeforeCommand(how));
    }
    return node.notes().guestEnd() == GuestEnd.RESET
        ? ofReset(node)
        : ofCleanEnd(node.plan().node());
  }

  private static Optional<String> hint(Memory memory) {
    return memory.bytes() < ENOUGH.bytes()
        ? Optional.of("its " + memory + " of memory may be too little")
        : Optional.empty();
  }

  private static boolean isTask(Node node) {
    return node.command().isPresent() && node.onExit() == OnExit.DONE;
  }

  private static NodeOutcome ofReset(NodeRun node) {
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

  /**
   * Why a QEMU ended before its guest ran, in better words than QEMU's where there are any. The
   * messages are those of QEMU 7.2; one that is not known is passed on as it is.
   */
  private static FailureCause.CouldNotStart notStarted(
      NodePlan node, ExitStatus status, GuestText stderr) {
    String said = stderr.toString();
    Matcher forward = FORWARD.matcher(said);
    if (forward.find()) {
      Protocol protocol = forward.group(1).equals("udp") ? Protocol.UDP : Protocol.TCP;
      return PortHolder.refused(protocol, forward.group(2), Integer.parseInt(forward.group(3)));
    }
    if (MEMORY.matcher(said).find()) {
      return cause(
          "the host has no " + node.node().memory() + " of memory left for it",
          "give it less (memory:), run fewer nodes, or stop something else");
    }
    if (INITRD.matcher(said).find()) {
      return cause(
          "its initramfs, in which its files are, is larger than its "
              + node.node().memory()
              + " of memory",
          "give it three times as much memory as its files take (memory:)");
    }
    if (SLOTS.matcher(said).find()) {
      return cause(
          "it has more devices than its machine has places for",
          "see whether qemu_args adds devices, or plug in fewer cables");
    }
    Matcher lock = LOCK.matcher(said);
    if (lock.find()) {
      return cause(
          "another program "
              + (lock.group(1) == null ? "uses" : "writes to")
              + " the file of its disk, "
              + lock.group(2),
          "end that program (\"fuser FILE\" names it), or give the node a copy of the file");
    }
    String reason = said.isBlank() ? "QEMU ended with " + status.description() : said;
    return new FailureCause.CouldNotStart(reason, Optional.empty(), false);
  }

  private static FailureCause.CouldNotStart cause(String reason, String remedy) {
    return new FailureCause.CouldNotStart(reason, Optional.of(remedy), false);
  }

  /** What has not happened in a node that is not ready: one clause for people. */
  static String awaited(NodeRun node) {
    if (node.notes().executing().isPresent()) {
      return '"' + node.notes().executing().get().summary() + "\" of its exec had not ended";
    }
    Signal signal = node.plan().ready().signal();
    if (signal instanceof Signal.Given given) {
      return awaited(given.condition(), node.notes().lastAttempt().map(GuestText::toString));
    }
    return signal instanceof Signal.Control || !node.plan().node().exec().isEmpty()
        ? NOT_SET_UP
        : "the guest did not run";
  }

  private static String awaited(Condition condition, Optional<String> lastAttempt) {
    if (condition instanceof Condition.ConsoleText text) {
      return "nothing on its console matched /" + text.pattern().pattern() + "/";
    }
    if (condition instanceof Condition.OpenPort port) {
      return "nothing in the guest accepted a connection on port " + port.guestPort();
    }
    if (condition instanceof Condition.CommandSuccess exec) {
      return "\"%s\" did not succeed in it: %s"
          .formatted(exec.command().summary(), lastAttempt.orElse(NOT_SET_UP));
    }
    if (condition instanceof Condition.HttpAnswer http) {
      return "GET %s at its port %d did not succeed: %s"
          .formatted(
              http.path(),
              http.guestPort(),
              lastAttempt.orElse("nothing in the guest accepted a connection"));
    }
    return "no byte came over channel \"" + ((Condition.ChannelByte) condition).channel() + "\"";
  }
}
