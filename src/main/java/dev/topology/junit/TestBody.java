package dev.topology.junit;

/**
 * Code of a test while a thread runs it. It is interrupted when a topology that it needs has
 * failed, so that it does not wait for what cannot happen any more. Thread-safe.
 */
final class TestBody {

  private final Thread thread = Thread.currentThread();
  private boolean interrupted;
  private boolean over;

  /** Interrupts the code, unless it is over or somebody else has interrupted it already. */
  synchronized void interrupt() {
    if (!over && !interrupted && !thread.isInterrupted()) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * To be called by the code's thread when it is over: no interrupt follows, and one that this sent
   * and nobody noticed is taken back.
   */
  synchronized void end() {
    over = true;
    if (interrupted) {
      var unused = Thread.interrupted();
    }
  }
}
