package dev.topology.cli.terminal;

import java.time.Duration;

/**
 * Tells who insists, by one more signal, from who says the same twice: timeout(1) sends its signal
 * to a program and, at the same moment, to the process group of the program. Thread-safe.
 */
public final class Insistence {

  /** What comes within it is an echo. Who presses Ctrl-C again in anger does so a third time. */
  private static final Duration ECHO = Duration.ofMillis(500);

  /** What a signal means. */
  public enum Meaning {
    /** To stop, in good order. */
    STOP,
    /** The same as the one before. */
    ECHO,
    /** To stop at once. */
    INSIST
  }

  private boolean heard;
  private long firstAt;

  /** A signal has come. */
  public synchronized Meaning hear() {
    long now = System.nanoTime();
    if (!heard) {
      heard = true;
      firstAt = now;
      return Meaning.STOP;
    }
    return now - firstAt < ECHO.toNanos() ? Meaning.ECHO : Meaning.INSIST;
  }
}
