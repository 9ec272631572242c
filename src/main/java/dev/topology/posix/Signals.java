package dev.topology.posix;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jnr.posix.SignalHandler;
import jnr.posix.util.SunMiscSignal;

/**
 * Signals to this process, handled by our code instead of the JVM's until closed.
 *
 * <p>A signal that this process was told to ignore when it was started stays ignored, as {@code
 * nohup} wants it.
 */
public final class Signals implements AutoCloseable {
  private final Map<Signal, SignalHandler> previous = new EnumMap<>(Signal.class);

  private Signals() {}

  /**
   * Calls {@code handler} whenever one of {@code signals} arrives, in a thread of the JVM's; two
   * may come at once.
   *
   * @param signals of {@code HUP}, {@code INT}, {@code TERM} and {@code WINCH}
   * @throws IllegalArgumentException if the JVM keeps one to itself, as it does with {@code -Xrs}
   */
  public static Signals onAny(Set<Signal> signals, Consumer<Signal> handler) {
    Signals handled = new Signals();
    try {
      for (Signal signal : signals) {
        handled.previous.put(signal, handle(signal, number -> handler.accept(signal)));
      }
      return handled;
    } catch (IllegalArgumentException e) {
      handled.close();
      throw e;
    }
  }

  private static SignalHandler handle(Signal signal, SignalHandler handler) {
    return SunMiscSignal.signal(
        jnr.constants.platform.Signal.valueOf("SIG" + signal.name()), handler);
  }

  /** Puts the previous handlers back. */
  @Override
  public synchronized void close() {
    previous.forEach(Signals::handle);
    previous.clear();
  }
}
