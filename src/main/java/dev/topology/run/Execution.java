package dev.topology.run;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A command that runs in a guest, with its standard input, output and error as streams.
 *
 * <p>What it writes has to be read: it waits while nobody does, and so does its end, which is told
 * once all that it wrote has been read. The streams block without a deadline of their own, and end
 * with the command; if the node ends meanwhile they and {@link #awaitEnd} fail within milliseconds.
 *
 * <p>Closing it ends the command if it still runs, with all that it started and did not detach.
 * Thread-safe; each stream is for one thread at a time.
 */
public final class Execution implements AutoCloseable {

  Execution() {}

  /**
   * What the command reads; closing it is the end of its input. Writing waits while the command
   * does not read, and fails with an {@link java.io.IOException} once it has ended.
   */
  public OutputStream input() {
    throw new UnsupportedOperationException();
  }

  /** What it writes to standard output. */
  public InputStream output() {
    throw new UnsupportedOperationException();
  }

  /** What it writes to standard error. */
  public InputStream errors() {
    throw new UnsupportedOperationException();
  }

  /**
   * Completes with its exit status, 0 to 255 as of a shell: 127 where there is no such command, 128
   * and the signal's number where a signal ended it. Exceptionally, with a {@link
   * NodeEndedException}, if the node ends before.
   */
  public CompletableFuture<Integer> status() {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits for its end.
   *
   * @return its exit status: see {@link #status}
   * @throws OutOfTimeException if it has not ended by then; it goes on
   * @throws NodeEndedException if the node ends before
   */
  public int awaitEnd(Duration deadline) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Ends the command, if it still runs, with what it started and did not detach; never blocks. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
