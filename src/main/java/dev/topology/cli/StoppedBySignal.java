package dev.topology.cli;

import dev.topology.posix.Signal;

/** The user, or somebody else, sent this program a signal to stop it. */
final class StoppedBySignal extends Exception {

  private static final long serialVersionUID = 1L;

  private final Signal signal;

  StoppedBySignal(Signal signal) {
    super("stopped by SIG" + signal.name());
    this.signal = signal;
  }

  /** How the program ends. */
  ExitCode code() {
    return switch (signal) {
      case HUP -> ExitCode.HANGUP;
      case INT -> ExitCode.INTERRUPTED;
      default -> ExitCode.TERMINATED;
    };
  }
}
