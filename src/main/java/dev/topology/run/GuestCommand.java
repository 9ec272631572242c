package dev.topology.run;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A command in a guest, by whatever way it is reached: see {@link Execution}. */
sealed interface GuestCommand extends AutoCloseable permits StreamedCommand, CollectedCommand {

  /** What it reads. */
  OutputStream input();

  /** What it writes to standard output. */
  InputStream output();

  /** What it writes to standard error. */
  InputStream errors();

  /** Completes with its exit status, or with the reason why that will never be known. */
  CompletableFuture<Integer> status();

  /** Whether what it reads and writes goes there and comes while it runs. */
  boolean isStreamed();

  /** Has it killed, unless it has ended. Returns within a tenth of a second. */
  void kill() throws InterruptedException;

  /** Ends its streams. */
  @Override
  void close();
}
