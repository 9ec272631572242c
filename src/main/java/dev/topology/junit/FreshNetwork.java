package dev.topology.junit;

import dev.topology.junit.Scratch.Directories;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.plan.SavedRun;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network as it was when it was first ready, for tests of which each wants it so.
 *
 * <p>The first of them starts and saves it, while others wait; for all others it is restored. Where
 * it cannot be saved, each starts it anew. Closing it removes what was saved. Thread-safe.
 */
final class FreshNetwork implements AutoCloseable {

  private final ReentrantLock first = new ReentrantLock();
  private volatile Optional<SavedRun> saved = Optional.empty();
  private volatile boolean isRefused;

  /** The turn of one test, to be closed when its network is ready. Waits while it is saved. */
  Turn turn() throws InterruptedException {
    first.lockInterruptibly();
    if (saved.isEmpty() && !isRefused) {
      return new Turn(/* isFirst= */ true);
    }
    first.unlock();
    return new Turn(/* isFirst= */ false);
  }

  /** What one test does with it. */
  final class Turn implements AutoCloseable {

    private final boolean isFirst;

    private Turn(boolean isFirst) {
      this.isFirst = isFirst;
    }

    /** What is to be started: the saved one, if there is one. */
    Preparation of(Preparation preparation) {
      return saved
          .map(
              run ->
                  new Preparation(
                      preparation.topology(),
                      preparation.facts(),
                      preparation.options().restoring(run),
                      preparation.missingImages()))
          .orElse(preparation);
    }

    /**
     * Saves one that has just become ready, if this is the first.
     *
     * @return why it cannot be saved, if so
     */
    Optional<String> save(LaunchedTopology ready) throws IOException, InterruptedException {
      if (!isFirst) {
        return Optional.empty();
      }
      Path directory = new Scratch().directory("saved");
      try {
        saved = Optional.of(ready.topology().checkpoint(directory));
        return Optional.empty();
      } catch (IllegalStateException | LaunchException e) {
        isRefused = true;
        return Optional.of(String.valueOf(e.getMessage()));
      } finally {
        if (saved.isEmpty()) {
          Directories.delete(directory);
        }
      }
    }

    @Override
    public void close() {
      if (isFirst) {
        first.unlock();
      }
    }
  }

  @Override
  public void close() {
    saved.map(SavedRun::directory).ifPresent(Directories::delete);
    saved = Optional.empty();
  }
}
