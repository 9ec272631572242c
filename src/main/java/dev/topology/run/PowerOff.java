package dev.topology.run;

import dev.topology.plan.DiskPlan;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.run.node.NodeRun;
import java.time.Duration;

/**
 * Ends QEMUs. That of a PC gets its power button pressed first: its operating system then writes
 * what it has not written yet, and ends it. The guests of our own images have nothing to write.
 * Used by the coordinator's thread.
 */
final class PowerOff {

  /** How long a QEMU may take to end on SIGTERM (measured: 7 ms) before it is killed. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * How long an operating system may take to shut down: as long as systemd lets a service take.
   * Debian under TCG takes 4 to 10 s, and more than 30 s on a busy host.
   */
  private static final Duration GRACE_OF_PC = Duration.ofSeconds(90);

  private final Loop loop;

  PowerOff(Loop loop) {
    this.loop = loop;
  }

  /** Ends the QEMU of a node that may be booted again with the same disks. Returns at once. */
  void stop(NodeRun node) {
    boolean hearsButton =
        node.plan().node().pc().isPresent() && node.hasBeenReady() && !node.isHeld();
    if (hearsButton) {
      var unused = node.ports().qmp().execute(QmpCommand.powerDown());
      loop.after(GRACE_OF_PC, () -> terminate(node));
    } else {
      terminate(node);
    }
  }

  /**
   * Ends the QEMU of a node at the end of the run, in success or at the user's wish: what outlives
   * it are the files of the host that are its disks.
   */
  void stopForGood(NodeRun node) {
    if (node.plan().disks().stream().anyMatch(DiskPlan::isWritten)) {
      stop(node);
    } else {
      terminate(node);
    }
  }

  /** Ends a node's QEMU as it is. */
  void terminate(NodeRun node) {
    node.terminate();
    loop.after(GRACE, node::kill);
  }
}
