package dev.topology.language.load;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The {@link Judge}, which gets ready on a thread of its own while the file is read and bound. That
 * is a third of what a short command like {@code topology plan} does, and nobody needs it before
 * the first node is bound. The thread ends when the judge is ready, whether or not anyone asks for
 * it.
 *
 * <p>There is one for the whole JVM, since it knows no more than the classes of the documents.
 */
final class EarlyJudge {

  private static final EarlyJudge INSTANCE = new EarlyJudge();

  private final FutureTask<Judge> preparation = new FutureTask<>(Judge::new);

  private EarlyJudge() {
    Thread thread = new Thread(this::prepare, "validation-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void prepare() {
    preparation.run();
    // Whoever waits for the judge begins with the header meanwhile.
    await().warmUp();
  }

  /** The one that there is; begins to get it ready if nobody has before. Returns at once. */
  static EarlyJudge begin() {
    return INSTANCE;
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
