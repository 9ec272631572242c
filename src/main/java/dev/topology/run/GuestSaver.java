package dev.topology.run;

import dev.topology.run.node.Migration;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import java.nio.file.Path;
import java.time.Duration;

/** Saves a guest whose RAM is in a file, as {@code PlanOptions.savingTo} has it. */
public final class GuestSaver {

  /** It takes some milliseconds. */
  private static final Duration MOST = Duration.ofMinutes(1);

  private GuestSaver() {}

  /**
   * Holds a node's guest for good, and writes the state of its processors and devices to a file.
   * Blocks up to a minute.
   *
   * @param socket where no file is, in a directory that exists; 107 bytes at the most
   * @param state where no file is
   */
  public static void save(RunningNode node, Path socket, Path state) throws InterruptedException {
    NodeWaiter waiter = node.waiter();
    waiter.await(
        Migration.save(
            node.name(), node.current().ports().qmp(), /* memoryApart= */ true, socket, state),
        Deadline.in(MOST),
        "it was saved");
  }
}
