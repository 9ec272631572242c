package dev.topology.cli.terminal;

import dev.topology.cli.terminal.StatusLine.NodePhase;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The text of the status line:
 *
 * <pre>
 *   starting web 1.2 s, db 0.8 s · waiting app · 2 ready · 1 done
 *   3 ready · 1 done · 12 s
 * </pre>
 */
public final class StatusText {

  /** What a node does, and since when (a reading of {@code System.nanoTime}). */
  record NodeState(NodePhase phase, long sinceNanos) {}

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
    long since = nodes.getOrDefault(node, new NodeState(NodePhase.STARTING, nowNanos)).sinceNanos();
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
