package dev.topology.control;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.posix.LockFile;
import dev.topology.run.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A topology that runs, or has run and left its run directory behind.
 *
 * @param name of it
 * @param directory its run directory
 * @param life whether it runs
 * @param supervisor who runs or ran it, where that is known
 * @param ending how it ended, where it did by itself
 */
public record Instance(
    String name,
    Path directory,
    Life life,
    Optional<Supervisor> supervisor,
    Optional<RunEnding> ending) {

  /** Whether a topology runs: whether its lock is held. */
  public enum Life {
    RUNNING,
    /** It ended by itself; its files are kept, to read about a failure. */
    ENDED,
    /** Its supervisor ended without saving how: it was killed, and its guests with it. */
    KILLED
  }

  /** Whether it runs. */
  public boolean isRunning() {
    return life == Life.RUNNING;
  }

  /**
   * Connects to its supervisor.
   *
   * @throws ControlException if it does not run, or does not answer
   */
  public ControlClient connect() throws ControlException {
    return ControlClient.connect(directory)
        .orElseThrow(
            () ->
                new ControlException(
                    ErrorId.LOST,
                    "topology \"" + name + "\" cannot be reached: nobody listens in " + directory,
                    "it is starting or ending, or was not brought up by topology up"));
  }

  /**
   * Removes the files of a topology that does not run.
   *
   * @throws dev.topology.run.node.LaunchException if it has begun to run again
   */
  public void forget() throws ControlException {
    try {
      RunDirectory.open(directory).delete();
    } catch (UncheckedIOException e) {
      throw new ControlException(
          ErrorId.REFUSED, e.getMessage() + ": " + e.getCause(), "remove it by hand", e);
    }
  }

  /** Waits until it does not run any more and its run directory is free. */
  public void awaitEnd() throws IOException {
    LockFile.awaitRelease(RunDirectory.lockFile(directory));
  }
}
