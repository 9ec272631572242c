package dev.topology.cli.terminal;

import dev.topology.cli.terminal.StatusText.NodeState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line at the bottom of the terminal that tells what each node is doing and for how long, until
 * it is closed. Without a terminal it does nothing. Thread-safe.
 *
 * <p>Owns the thread {@code status-line}, which redraws it.
 */
public final class StatusLine implements AutoCloseable {

  private static final long TICK_MILLIS = 100;

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final long beganNanos;
  private final Map<String, NodeState> nodes = new LinkedHashMap<>();
  private final Thread thread = new Thread(this::redraw, "status-line");
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Shows all nodes as waiting.
   *
   * @param names in the order of the file
   */
  public StatusLine(Terminal terminal, List<String> names) {
    this(terminal, names, System::nanoTime);
    if (terminal.isLive()) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** A line that is drawn only when it is told to be. */
  StatusLine(Terminal terminal, List<String> names, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.beganNanos = nanoTime.getAsLong();
    names.forEach(name -> nodes.put(name, new NodeState(NodePhase.WAITING, beganNanos)));
  }

  /** Notes what a node does from now on. */
  public synchronized void phase(String node, NodePhase phase) {
    nodes.put(node, new NodeState(phase, nanoTime.getAsLong()));
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

  /** Draws it as it is now. A terminal that blocks does not block {@link #phase}. */
  void draw() {
    int columns = terminal.columns();
    String text;
    synchronized (this) {
      text =
          new StatusText(nodes, beganNanos, nanoTime.getAsLong(), terminal.glyphs()).fit(columns);
    }
    terminal.live(List.of(terminal.livePalette().faint(text)));
  }

  /** Removes the line and joins the thread. Idempotent. An interrupt stays set. */
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

  /** What the status line tells of a node. */
  public enum NodePhase {
    /** Another node it depends on is not ready, or it is not its turn to boot. */
    WAITING,
    STARTING,
    READY,
    DONE,
    FAILED
  }
}
