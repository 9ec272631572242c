package dev.topology.plan;

import java.nio.file.Path;

/** How a node's guest comes to run. */
public sealed interface Start {

  /** It boots. */
  record Booted() implements Start {}

  /**
   * It boots with its RAM in a file, and stops at its first word: it is not told who it is, and can
   * be saved.
   *
   * @param memory the file, which QEMU makes; absolute
   */
  record Saved(Path memory) implements Start {}

  /**
   * It goes on from where another guest was saved.
   *
   * @param number of the descriptor from which QEMU reads the state
   * @param booting by which its node starts where the snapshot was removed meanwhile
   */
  record Cloned(Snapshot snapshot, int number, NodePlan booting) implements Start {}

  /**
   * It goes on from where it was itself when its whole run was saved.
   *
   * @param run what was saved
   * @param number of the descriptor from which QEMU reads the state
   * @param again by which it is started if it is restarted
   */
  record Restored(SavedRun run, int number, NodePlan again) implements Start {}
}
