package dev.topology.load;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A {@link Judge} that gets ready on a thread of its own while the file is read and bound. It is a
 * third of what a short command like {@code topology plan} does, and nobody needs it before the
 * first node is bound. The thread ends when the judge is ready, whether or not anyone asks for it.
 */
final class EarlyJudge {

  private final FutureTask<Judge> preparation = new FutureTask<>(Judge::new);

  EarlyJudge() {
    Thread thread = new Thread(preparation, "validation-start");
    thread.setDaemon(true);
    thread.start();
  }

  /** The judge. Blocks until it is ready; an interrupt is kept for the caller. */
  Judge await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return preparation.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Bean Validation did not start", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
