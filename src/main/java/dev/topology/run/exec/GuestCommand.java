package dev.topology.run.exec;

import dev.topology.run.node.GuestAgentException;
import dev.topology.run.node.NodeEndedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;

/** A command in a guest, by whatever way it is reached: see {@link Execution}. */
sealed interface GuestCommand extends AutoCloseable permits StreamedCommand, CollectedCommand {

  /** Says what it means that a guest is not heard of any more. */
  interface Broken {
    RuntimeException explain() throws InterruptedException;
  }

  /** What it reads. */
  OutputStream input();

  /** Tells a listener, by another thread, how many bytes of its input it has read each time. */
  void onInputRead(IntConsumer listener);

  /** What it writes to standard output. */
  InputStream output();

  /** What it writes to standard error. */
  InputStream errors();

  /** Completes with its exit status, or with the reason why that will never be known. */
  CompletableFuture<Integer> status();

  /** Whether what it reads and writes goes there and comes while it runs. */
  boolean isStreamed();

  /** Sends it a signal, unless it has ended; nothing where that is not possible. */
  void signal(int number);

  /** Says how large its terminal is, if it has one. */
  void resize(int rows, int columns);

  /** Kills it, unless it has ended. Returns within a tenth of a second. */
  void kill() throws InterruptedException;

  /** Ends its streams. */
  @Override
  void close();

  /** For a thread that was interrupted while it read or wrote. */
  static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a command ran");
  }

  /** Why something has failed, with the trace of the calling thread. */
  static IOException failure(CompletableFuture<?> failed, Broken broken) throws IOException {
    Throwable cause;
    try {
      failed.get();
      throw new IllegalArgumentException("it has not failed");
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      cause = Objects.requireNonNullElse(e.getCause(), e);
    }
    if (cause instanceof NodeEndedException || cause instanceof EOFException) {
      try {
        throw broken.explain();
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
    if (cause instanceof GuestAgentException agent) {
      throw agent.again();
    }
    return new IOException(cause.getMessage(), cause);
  }
}
