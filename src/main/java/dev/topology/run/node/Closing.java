package dev.topology.run.node;

import org.jspecify.annotations.Nullable;

/**
 * Closes several things, also when closing one of them fails, and throws the first failure at the
 * end.
 */
public final class Closing {

  private static final long JOIN_MILLIS = 2000;

  private @Nullable RuntimeException first;

  /** Waits for a thread that has been told to end, for two seconds at the most. */
  public static void join(Thread thread) {
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception | Error e) {
      RuntimeException failure =
          e instanceof RuntimeException it ? it : new IllegalStateException(e);
      if (first == null) {
        first = failure;
      } else {
        first.addSuppressed(failure);
      }
    }
  }

  public void finish() {
    if (first != null) {
      throw first;
    }
  }
}
