package dev.topology.run;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A command that runs in a guest, with its standard input, output and error as streams.
 *
 * <p>What it writes has to be read: it waits while nobody does. The streams block without a
 * deadline of their own, and an interrupt does not wake them, but {@link #close} does. If the node
 * ends meanwhile, reading and {@link #awaitEnd} fail within milliseconds with a {@link
 * NodeEndedException}.
 *
 * <p>Closing it ends the command if it still runs, with all that it started and did not detach; it
 * has to be closed, for the ports that its streams use are few: each node has enough for six such
 * commands at once. They take 12 MiB of the guest's memory for each of them, which Linux keeps for
 * the next. {@link Shell} takes none, where the output is short and there is no input.
 *
 * <p>Thread-safe; each stream is for one thread at a time.
 */
public final class Execution implements AutoCloseable {

  private static final Duration TO_ABANDON = Duration.ofMillis(100);

  private final String what;
  private final long id;
  private final ShellLink link;
  private final CommandStreams streams;
  private final NodeFate fate;
  private final CompletableFuture<Integer> status;
  private final OutputStream input;
  private final EndMarked output;
  private final EndMarked errors;

  Execution(
      String what, long id, String token, ShellLink link, CommandStreams streams, NodeFate fate) {
    this.what = "its command \"" + what + "\" had ended";
    this.id = id;
    this.link = link;
    this.streams = streams;
    this.fate = fate;
    this.status = link.exitOf(id);
    byte[] mark = token.getBytes(StandardCharsets.US_ASCII);
    this.output = new EndMarked(streams.output().socket(), mark, () -> fate.ended(this.what));
    this.errors = new EndMarked(streams.errors().socket(), mark, () -> fate.ended(this.what));
    this.input = CommandInput.of(streams.input());
    var ended = status.thenRun(streams.input()::close);
    var released =
        CompletableFuture.allOf(ended, output.ended(), errors.ended()).thenRun(streams::close);
    var unused = CompletableFuture.allOf(released, fate.gone().thenRun(this::fail));
  }

  private void fail() {
    try {
      status.completeExceptionally(fate.ended(what));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What the command reads; closing it is the end of its input. Writing waits while the command
   * does not read, and fails with an {@link java.io.IOException} once it has ended.
   */
  public OutputStream input() {
    return input;
  }

  /** What it writes to standard output. */
  public InputStream output() {
    return output;
  }

  /** What it writes to standard error. */
  public InputStream errors() {
    return errors;
  }

  /**
   * Completes with its exit status, 0 to 255 as of a shell: 127 where there is no such command, 128
   * and the signal's number where a signal ended it. That may be before all it wrote has been read.
   * Exceptionally, with a {@link NodeEndedException}, if the node ends before.
   */
  public CompletableFuture<Integer> status() {
    return status.copy();
  }

  /**
   * Waits for its end.
   *
   * @return its exit status: see {@link #status}
   * @throws OutOfTimeException if it has not ended by then; it goes on
   * @throws NodeEndedException if the node ends before
   */
  public int awaitEnd(Duration deadline) throws InterruptedException {
    return awaitEnd(Deadline.in(deadline));
  }

  int awaitEnd(Deadline deadline) throws InterruptedException {
    return await(status, deadline);
  }

  /** Waits for something that comes with its end. */
  <T> T await(CompletableFuture<T> result, Deadline deadline) throws InterruptedException {
    return fate.await(result, deadline, what);
  }

  /**
   * Ends the command if it still runs, with what it started and did not detach, and the streams.
   * Returns within a tenth of a second.
   */
  @Override
  public void close() {
    if (!status.isDone()) {
      abandon();
    }
    streams.close();
  }

  /** Also where the thread was interrupted, which stays set. */
  private void abandon() {
    boolean interrupted = Thread.interrupted();
    try {
      link.abandonExit(id, Deadline.in(TO_ABANDON));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
