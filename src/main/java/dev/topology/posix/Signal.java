package dev.topology.posix;

import java.util.Locale;

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
}
