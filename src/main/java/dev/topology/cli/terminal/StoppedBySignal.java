package dev.topology.cli.terminal;

import dev.topology.posix.Signal;

/** The user, or somebody else, sent this program a signal to stop it. */
public final class StoppedBySignal extends Exception {

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
