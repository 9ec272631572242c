package dev.topology.cli.terminal;

import dev.topology.cli.terminal.StatusLine.NodePhase;
import dev.topology.cli.terminal.TerminalTraits.Glyphs;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One line at the bottom of the terminal that tells what each node is doing and for how long, until
 * it is closed. Without a terminal it does nothing. Thread-safe.
 *
 * <p>Owns the thread {@code status-line}, which redraws it.
 */
public final class StatusLine implements AutoCloseable {

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final long beganNanos;
  private final Map<String, NodeState> nodes = new LinkedHashMap<>();
  private final LiveArea live;

  /**
   * Shows all nodes as waiting.
   *
   * @param names in the order of the file
   */
  public StatusLine(Terminal terminal, List<String> names) {
    this(terminal, names, System::nanoTime);
    live.begin();
  }

  /** A line that is drawn only when it is told to be. */
  StatusLine(Terminal terminal, List<String> names, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.beganNanos = nanoTime.getAsLong();
    this.live = new LiveArea(terminal, "status-line", this::rows);
    names.forEach(name -> nodes.put(name, new NodeState(NodePhase.WAITING, beganNanos)));
  }

  /** Notes what a node does from now on. */
  public synchronized void phase(String node, NodePhase phase) {
    nodes.put(node, new NodeState(phase, nanoTime.getAsLong()));
  }

  /** There are these nodes now; those that are new wait. */
  public synchronized void expect(List<String> names) {
    nodes.keySet().retainAll(names);
    names.forEach(
        name ->
            nodes.computeIfAbsent(
                name, it -> new NodeState(NodePhase.WAITING, nanoTime.getAsLong())));
  }

  private List<String> rows() {
    int columns = terminal.columns();
    synchronized (this) {
      return List.of(
          new StatusText(nodes, beganNanos, nanoTime.getAsLong(), terminal.glyphs()).fit(columns));
    }
  }

  /** Draws it as it is now. A terminal that blocks does not block {@link #phase}. */
  void draw() {
    live.draw();
  }

  /** Removes the line and joins the thread. Idempotent. An interrupt stays set. */
  @Override
  public void close() {
    live.close();
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

  /** What a node does, and since when (a reading of {@code System.nanoTime}). */
  private record NodeState(NodePhase phase, long sinceNanos) {}

  /**
   * The text of the status line:
   *
   * <pre>
   *   starting web 1.2 s, db 0.8 s · waiting app · 2 ready · 1 done
   *   3 ready · 1 done · 12 s
   * </pre>
   */
  private static final class StatusText {

    private final Map<String, NodeState> nodes;
    private final long beganNanos;
    private final long nowNanos;
    private final Glyphs glyphs;

    /**
     * @param nodes in the order of the file
     */
    StatusText(Map<String, NodeState> nodes, long beganNanos, long nowNanos, Glyphs glyphs) {
      this.nodes = nodes;
      this.beganNanos = beganNanos;
      this.nowNanos = nowNanos;
      this.glyphs = glyphs;
    }

    /** The text with as many names as fit into the width. */
    String fit(int columns) {
      // A name and its comma take three columns at least: of a thousand nodes few need be tried.
      int limit = Math.min(nodes.size(), columns / 3 + 1);
      while (limit > 1 && text(limit).length() > columns) {
        limit--;
      }
      return glyphs.fit(text(limit), columns);
    }

    private String text(int limit) {
      List<String> parts = new ArrayList<>();
      List<String> starting = names(NodePhase.STARTING);
      if (!starting.isEmpty()) {
        parts.add("starting " + some(starting, limit, this::withTime));
      }
      List<String> waiting = names(NodePhase.WAITING);
      if (!waiting.isEmpty()) {
        parts.add("waiting " + some(waiting, limit, UnaryOperator.identity()));
      }
      count(parts, NodePhase.READY, "ready");
      count(parts, NodePhase.DONE, "done");
      count(parts, NodePhase.FAILED, "failed");
      if (starting.isEmpty()) {
        parts.add(wholeSeconds());
      }
      return String.join(" " + glyphs.dot() + " ", parts);
    }

    private List<String> names(NodePhase phase) {
      return nodes.entrySet().stream()
          .filter(node -> node.getValue().phase() == phase)
          .map(Map.Entry::getKey)
          .toList();
    }

    private String withTime(String node) {
      long since =
          nodes.getOrDefault(node, new NodeState(NodePhase.STARTING, nowNanos)).sinceNanos();
      return node + " " + HumanText.elapsed(Duration.ofNanos(nowNanos - since));
    }

    private static String some(List<String> names, int limit, UnaryOperator<String> form) {
      String some = names.stream().limit(limit).map(form).collect(Collectors.joining(", "));
      return names.size() > limit ? some + " and " + (names.size() - limit) + " more" : some;
    }

    private void count(List<String> parts, NodePhase phase, String word) {
      int count = names(phase).size();
      if (count > 0) {
        parts.add(count + " " + word);
      }
    }

    /** Whole seconds, so that an idle run is redrawn once a second. */
    private String wholeSeconds() {
      long seconds = Duration.ofNanos(nowNanos - beganNanos).toSeconds();
      return seconds == 0 ? "0 s" : HumanText.duration(Duration.ofSeconds(seconds));
    }
  }
}
