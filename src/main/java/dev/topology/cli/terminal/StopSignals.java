package dev.topology.cli.terminal;

import dev.topology.posix.Signal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stops a command on Ctrl-C, SIGTERM or SIGHUP, whatever it is doing, so that it can leave nothing
 * behind. A second signal, if it is no {@linkplain Insistence echo}, ends the program at once; the
 * guests end with it.
 *
 * <p>The first signal is kept, and is acted upon where that is safe: {@link #during} breaks off
 * preparations, {@link #insteadDo} names what ends all that comes later. Between the two nothing is
 * interrupted, because an interrupt breaks every file that is being read or written at that moment.
 */
public final class StopSignals implements AutoCloseable {

  private static final int SHELL_OFFSET = 128;

  /** Work that can be broken off. */
  public interface Work<T> {
    T perform() throws Exception;
  }

  private final Signal.Handlers signals;
  private final Insistence insistence = new Insistence();
  private Optional<Signal> received = Optional.empty();
  private @Nullable Runnable stop;

  private StopSignals() {
    signals = Signal.onAny(Set.of(Signal.HUP, Signal.INT, Signal.TERM), signal -> receive(signal));
  }

  /** Begins to listen. */
  public static StopSignals listen() {
    return new StopSignals();
  }

  private synchronized void receive(Signal signal) {
    switch (insistence.hear()) {
      case STOP -> {
        received = Optional.of(signal);
        if (stop != null) {
          stop.run();
        }
      }
      case ECHO -> {}
      case INSIST ->
          // Nothing is left to wait for: the reaper ends the guests when this process is gone.
          Runtime.getRuntime().halt(SHELL_OFFSET + signal.number());
    }
  }

  /**
   * Does work that has to leave nothing behind if it is interrupted: a signal interrupts this
   * thread. What the work then returns or throws is of no interest, whatever that is.
   *
   * @throws StoppedBySignal if a signal came, before or meanwhile
   */
  public <T> T during(Work<T> work) throws Exception {
    insteadDo(Thread.currentThread()::interrupt);
    Optional<T> result = Optional.empty();
    try {
      result = Optional.of(work.perform());
    } catch (Throwable broken) {
      if (received().isEmpty()) {
        throw broken;
      }
    } finally {
      settle();
    }
    requireNone();
    return result.orElseThrow();
  }

  /** From here on a signal interrupts nothing. The last interrupt is cleared. */
  private synchronized void settle() {
    stop = null;
    if (received.isPresent()) {
      var unused = Thread.interrupted();
    }
  }

  /**
   * From now on a signal does this, once. It has to return soon.
   *
   * @throws StoppedBySignal if one came already
   */
  public synchronized void insteadDo(Runnable action) throws StoppedBySignal {
    requireNone();
    stop = action;
  }

  private synchronized void requireNone() throws StoppedBySignal {
    if (received.isPresent()) {
      throw new StoppedBySignal(received.get());
    }
  }

  /** The signal that came, if one came. */
  public synchronized Optional<Signal> received() {
    return received;
  }

  @Override
  public void close() {
    signals.close();
  }

  /** A signal to stop this program arrived. */
  public static final class StoppedBySignal extends Exception {

    private static final long serialVersionUID = 1L;

    private final Signal signal;

    public StoppedBySignal(Signal signal) {
      super("stopped by SIG" + signal.name());
      this.signal = signal;
    }

    public Signal signal() {
      return signal;
    }
  }
}
