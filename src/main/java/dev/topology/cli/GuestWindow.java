package dev.topology.cli;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instance;
import dev.topology.control.Request;
import dev.topology.posix.Signal;
import dev.topology.posix.Signals;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Tells a guest how large this window is, as long as its console is shown here: at first, and
 * whenever that changes. Over connections of its own, in a thread named {@code console-window}, so
 * that a guest that is slow to take it holds nothing up. Where standard input is no terminal, it is
 * told nothing.
 */
final class GuestWindow implements AutoCloseable {

  private final Instance instance;
  private final String node;
  private final Semaphore changes = new Semaphore(1);
  private final Thread teller = new Thread(this::run, "console-window");
  private final Signals signals;

  private GuestWindow(Instance instance, String node) {
    this.instance = instance;
    this.node = node;
    this.signals = Signals.onAny(Set.of(Signal.WINCH), signal -> changes.release());
    teller.setDaemon(true);
  }

  static GuestWindow shown(Instance instance, String node) {
    GuestWindow window = new GuestWindow(instance, node);
    if (TerminalDevice.isTerminal(0)) {
      window.teller.start();
    }
    return window;
  }

  private void run() {
    try {
      while (true) {
        changes.acquire();
        // While a corner is dragged, only where it is by now matters.
        changes.drainPermits();
        WindowSize.ask().ifPresent(this::tell);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(WindowSize size) {
    try (ControlClient client = instance.connect()) {
      client.call(new Request.Window(node, size.rows(), size.columns()));
    } catch (ControlException deaf) {
      // Not every image serves commands; its programs then take the window to be of a usual size.
    }
  }

  @Override
  public void close() {
    signals.close();
    teller.interrupt();
  }
}
