package dev.topology.cli;

import dev.topology.posix.Signal;
import dev.topology.posix.Signals;
import java.util.Optional;
import java.util.Set;

/**
 * Stops a command on Ctrl-C, SIGTERM or SIGHUP, whatever it is doing, so that it can leave nothing
 * behind. The second signal ends the program at once; the guests end with it.
 *
 * <p>A command that is waiting is interrupted, until it says what else is to be done.
 */
final class StopSignals implements AutoCloseable {

  private static final int SHELL_OFFSET = 128;

  private final Signals signals;
  private Optional<Signal> received = Optional.empty();
  private Runnable stop;

  private StopSignals(Thread waiting) {
    stop = waiting::interrupt;
    signals = Signals.onAny(Set.of(Signal.HUP, Signal.INT, Signal.TERM), signal -> receive(signal));
  }

  /** Begins to listen, for the thread that calls. */
  static StopSignals interruptingThisThread() {
    return new StopSignals(Thread.currentThread());
  }

  private void receive(Signal signal) {
    Runnable first;
    synchronized (this) {
      if (received.isPresent()) {
        // Nothing is left to wait for: the reaper ends the guests when this process is gone.
        Runtime.getRuntime().halt(SHELL_OFFSET + signal.number());
      }
      received = Optional.of(signal);
      first = stop;
    }
    first.run();
  }

  /**
   * From now on a signal does this instead.
   *
   * @throws StoppedBySignal if one came already
   */
  synchronized void insteadDo(Runnable action) throws StoppedBySignal {
    if (received.isPresent()) {
      throw new StoppedBySignal(received.get());
    }
    stop = action;
  }

  /** The signal that came, if one came. */
  synchronized Optional<Signal> received() {
    return received;
  }

  @Override
  public void close() {
    signals.close();
  }
}
