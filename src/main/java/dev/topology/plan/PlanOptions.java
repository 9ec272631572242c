package dev.topology.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the caller decides about a plan, beside the topology and the host.
 *
 * @param runDirectory absolute; where console logs and overlaid initramfs files will go
 * @param kernelLogApart whether what a guest's kernel says goes to a port of its own rather than to
 *     the console, where it may come in the middle of a word that a test waits for. That port is
 *     {@code /dev/hvc1}, a second virtio console, after all of the node's other ports; the kernel
 *     is told {@code console=hvc1}, so its messages and its last words go there, and so does what
 *     is written to {@code /dev/console}. Whatever an image runs on {@code /dev/hvc0} has that to
 *     itself.
 */
public record PlanOptions(Path runDirectory, boolean kernelLogApart) {

  public PlanOptions {
    if (!runDirectory.isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + runDirectory);
    }
  }

  /** Kernel logs on the consoles, as on most machines. */
  public PlanOptions(Path runDirectory) {
    this(runDirectory, false);
  }

  /** The same, with each guest's kernel log on a port of its own. */
  public PlanOptions withKernelLogApart() {
    return new PlanOptions(runDirectory, true);
  }

  /** {@code RUN/NODE.console}. */
  Path consoleLog(String node) {
    return runDirectory.resolve(node + ".console");
  }

  /** {@code RUN/NODE.kernel}, where the kernel log is kept apart. */
  Optional<Path> kernelLog(String node) {
    return kernelLogApart ? Optional.of(runDirectory.resolve(node + ".kernel")) : Optional.empty();
  }

  /** {@code RUN/NODE.initramfs}. */
  Path initramfs(String node) {
    return runDirectory.resolve(node + ".initramfs");
  }
}
