package dev.topology.run;

import dev.topology.plan.SavedGuest;
import dev.topology.run.node.Migration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Saves a guest that is not needed any more. */
public final class GuestSaver {

  /** It takes a second. */
  private static final Duration MOST = Duration.ofMinutes(10);

  private GuestSaver() {}

  /**
   * Holds a node's guest for good, and writes it to two files. Blocks up to ten minutes.
   *
   * @param socket where no file is, in a directory that exists; 107 bytes at the most
   * @param guest where no files are
   * @throws IOException in words, if they cannot be written
   */
  public static void save(RunningNode node, Path socket, SavedGuest guest)
      throws IOException, InterruptedException {
    Migration.awaitSaved(node.waiter(), Migration.save(node.current(), socket, guest), MOST);
  }
}
