package dev.topology.posix;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jnr.posix.SignalHandler;
import jnr.posix.util.SunMiscSignal;

/** A signal of {@code signal(7)}, with its number on Linux (x86 and ARM). */
public enum Signal {
  HUP(1),
  INT(2),
  QUIT(3),
  ILL(4),
  TRAP(5),
  ABRT(6),
  BUS(7),
  FPE(8),
  KILL(9),
  USR1(10),
  SEGV(11),
  USR2(12),
  PIPE(13),
  ALRM(14),
  TERM(15),
  CHLD(17),
  CONT(18),
  STOP(19),
  TSTP(20),
  TTIN(21),
  TTOU(22),
  XCPU(24),
  XFSZ(25),
  WINCH(28),
  SYS(31);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** The number, from 1; a shell reports 128 more as the status of a command it killed. */
  public int number() {
    return number;
  }

  /** What people call signal {@code number}: {@code SIGKILL}, or {@code signal 40} for the rest. */
  static String name(int number) {
    for (Signal signal : values()) {
      if (signal.number == number) {
        return "SIG" + signal.name();
      }
    }
    return String.format(Locale.ROOT, "signal %d", number);
  }

  /**
   * Calls {@code handler} when one of {@code signals} arrives, in a thread of the JVM; two calls
   * may run at once. A signal that this process was told to ignore when it was started, as {@code
   * nohup} does, stays ignored.
   *
   * @param signals of {@code HUP}, {@code INT}, {@code TERM} and {@code WINCH}
   * @throws IllegalArgumentException if the JVM reserves one of them, as it does with {@code -Xrs}
   */
  public static Handlers onAny(Set<Signal> signals, Consumer<Signal> handler) {
    Handlers handlers = new Handlers();
    try {
      for (Signal signal : signals) {
        handlers.previous.put(signal, Handlers.set(signal, number -> handler.accept(signal)));
      }
      return handlers;
    } catch (IllegalArgumentException e) {
      handlers.close();
      throw e;
    }
  }

  /** Our handlers of some signals, in place of the JVM's until closed. */
  public static final class Handlers implements AutoCloseable {

    private final Map<Signal, SignalHandler> previous = new EnumMap<>(Signal.class);

    private Handlers() {}

    private static SignalHandler set(Signal signal, SignalHandler handler) {
      return SunMiscSignal.signal(
          jnr.constants.platform.Signal.valueOf("SIG" + signal.name()), handler);
    }

    /** Puts the previous handlers back. */
    @Override
    public synchronized void close() {
      previous.forEach(Handlers::set);
      previous.clear();
    }
  }
}
