package dev.topology.cli.terminal;

import dev.topology.posix.Signal;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Tells a guest how large this window is, as long as something of it is shown here: at first, and
 * whenever that changes. In a thread named {@code guest-window}, so that a slow guest holds nothing
 * up. Where standard input is no terminal, it is told nothing.
 */
public final class GuestWindow implements AutoCloseable {

  private final Consumer<WindowSize> guest;
  private final Semaphore changes = new Semaphore(1);
  private final Thread teller = new Thread(this::run, "guest-window");
  private final Signal.Handlers signals;

  private GuestWindow(Consumer<WindowSize> guest) {
    this.guest = guest;
    this.signals = Signal.onAny(Set.of(Signal.WINCH), signal -> changes.release());
    teller.setDaemon(true);
  }

  /** Tells a consumer, now and at every change. */
  public static GuestWindow of(Consumer<WindowSize> guest) {
    GuestWindow window = new GuestWindow(guest);
    if (TerminalDevice.isTerminal(0)) {
      window.teller.start();
    }
    return window;
  }

  private void run() {
    try {
      while (true) {
        changes.acquire();
        // While the window is dragged, only its last size matters.
        changes.drainPermits();
        WindowSize.ask().ifPresent(guest);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    signals.close();
    teller.interrupt();
  }
}
