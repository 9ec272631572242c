package dev.topology.cli.terminal;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Faint rows at the bottom of the terminal that tell how things are now, ten times a second, until
 * this is closed. Without a terminal it does nothing. Thread-safe.
 *
 * <p>Owns the thread that draws them.
 */
public final class LiveArea implements AutoCloseable {

  private static final long TICK_MILLIS = 100;

  private final Terminal terminal;
  private final Supplier<List<String>> rows;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Shows nothing before {@link #begin}.
   *
   * @param threadName of the thread that asks for the rows and draws them
   */
  public LiveArea(Terminal terminal, String threadName, Supplier<List<String>> rows) {
    this.terminal = terminal;
    this.rows = rows;
    this.thread = new Thread(this::redraw, threadName);
    thread.setDaemon(true);
  }

  /** Begins to show them. Once. */
  public void begin() {
    if (terminal.isLive()) {
      thread.start();
    }
  }

  private void redraw() {
    try {
      do {
        draw();
      } while (!closed.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Draws them as they are now. A terminal that blocks does not block who changes them. */
  void draw() {
    Palette palette = terminal.livePalette();
    terminal.live(rows.get().stream().map(palette::faint).toList());
  }

  /** Removes the rows and joins the thread. Idempotent. An interrupt stays set. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(TICK_MILLIS * 10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.live(List.of());
  }
}
