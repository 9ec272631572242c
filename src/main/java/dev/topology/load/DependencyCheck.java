package dev.topology.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether {@code depends_on} names nodes, each once, and never leads back to where it started. */
final class DependencyCheck {

  private final Map<String, NodeDraft> nodes;
  private final NodeNames names;
  private final Report report;

  /** Nodes from which every way has been followed to its end. */
  private final Set<String> done = new HashSet<>();

  DependencyCheck(Draft draft, NodeNames names, Report report) {
    this.names = names;
    this.nodes = draft.nodes();
    this.report = report;
  }

  void check() {
    nodes.values().forEach(this::checkNames);
    nodes.keySet().forEach(this::follow);
  }

  private void checkNames(NodeDraft node) {
    Set<String> seen = new HashSet<>();
    List<String> dependencies = dependencies(node);
    for (int index = 0; index < dependencies.size(); index++) {
      String name = dependencies.get(index);
      if (name != null && !nodes.containsKey(name)) {
        report.add(names.unknown(name, "\"depends_on\"", node.locate("depends_on", index)));
      } else if (name != null && !seen.add(name)) {
        report.add(
            Diagnostic.of(
                DiagnosticId.DUPLICATE_ENTRY,
                node.locate("depends_on", index),
                "node " + Quote.of(name) + " is in this list twice"));
      }
    }
  }

  /** One step on the way: a node, and those of its dependencies not yet followed. */
  private record Step(NodeDraft node, Iterator<String> remaining) {}

  /** Depth first and without recursion: a chain may be as long as the file. */
  private void follow(String start) {
    Deque<Step> way = new ArrayDeque<>();
    Set<String> onWay = new LinkedHashSet<>();
    enter(start, way, onWay);
    while (!way.isEmpty()) {
      Step step = way.getLast();
      if (!step.remaining().hasNext()) {
        way.removeLast();
        onWay.remove(step.node().name());
        done.add(step.node().name());
        continue;
      }
      String next = step.remaining().next();
      if (onWay.contains(next)) {
        reportCycle(next, step.node(), onWay);
      } else {
        enter(next, way, onWay);
      }
    }
  }

  private void enter(String name, Deque<Step> way, Set<String> onWay) {
    NodeDraft node = nodes.get(name);
    if (node != null && !done.contains(name)) {
      way.addLast(new Step(node, dependencies(node).stream().filter(Objects::nonNull).iterator()));
      onWay.add(name);
    }
  }

  private void reportCycle(String first, NodeDraft last, Set<String> onWay) {
    List<String> cycle = new ArrayList<>(onWay);
    List<String> path = new ArrayList<>(cycle.subList(cycle.indexOf(first), cycle.size()));
    path.add(first);
    String message =
        path.size() == 2
            ? "node " + Quote.of(first) + " depends on itself"
            : "these nodes wait for each other: " + abridged(path);
    report.add(
        Diagnostic.of(
                DiagnosticId.DEPENDENCY_CYCLE,
                last.locate("depends_on", dependencies(last).indexOf(first)),
                message)
            .hint("remove one of these dependencies"));
  }

  private static String abridged(List<String> path) {
    int shown = 8;
    String start = path.stream().limit(shown).collect(Collectors.joining(" → "));
    return path.size() <= shown
        ? start
        : start + " → … (" + (path.size() - shown - 1) + " more) → " + path.get(path.size() - 1);
  }

  private static List<String> dependencies(NodeDraft node) {
    return Objects.requireNonNullElse(node.keys().dependsOn(), List.of());
  }
}
