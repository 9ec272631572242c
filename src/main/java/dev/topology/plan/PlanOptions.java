package dev.topology.plan;

import java.nio.file.Path;

/**
 * What the caller decides about a plan, beside the topology and the host.
 *
 * @param runDirectory absolute; where console logs and overlaid initramfs files will go
 */
public record PlanOptions(Path runDirectory) {

  public PlanOptions {
    if (!runDirectory.isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + runDirectory);
    }
  }

  /** {@code RUN/NODE.console}. */
  Path consoleLog(String node) {
    return runDirectory.resolve(node + ".console");
  }

  /** {@code RUN/NODE.initramfs}. */
  Path initramfs(String node) {
    return runDirectory.resolve(node + ".initramfs");
  }
}
