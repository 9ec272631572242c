package dev.topology.junit;

/**
 * Does what has to be done although the thread was interrupted: a test that interrupts itself, or
 * is interrupted, must not leave guests or half-written files behind. The thread is interrupted
 * again afterwards.
 */
final class Unhurried {

  private Unhurried() {}

  static void run(Runnable action) {
    boolean interrupted = Thread.interrupted();
    try {
      action.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
