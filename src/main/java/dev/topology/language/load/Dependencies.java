package dev.topology.language.load;

import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.NodeNames.NodeReference;
import dev.topology.language.yaml.Report;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The nodes that each node waits for, with all copies spelt out. */
final class Dependencies {

  private static final String KEY = "depends_on";

  /** The limit for all nodes together: each dependency takes memory and time. */
  private static final int MOST = 1_000_000;

  private final Map<String, List<NodeReference>> byNode = new HashMap<>();
  private final NodeNames names;
  private final Report report;
  private int all;

  Dependencies(Draft draft, Report report) {
    this.names = draft.names();
    this.report = report;
    draft.nodes().values().forEach(this::add);
  }

  /** The nodes that one names under {@code depends_on}, in that order; some may not exist. */
  List<NodeReference> of(NodeDraft node) {
    return byNode.getOrDefault(node.name(), List.of());
  }

  private void add(NodeDraft node) {
    List<String> written = Objects.requireNonNullElse(node.keys().dependsOn(), List.of());
    List<NodeReference> read = new ArrayList<>();
    for (int index = 0; index < written.size() && all <= MOST; index++) {
      String name = written.get(index);
      if (name != null) {
        names.spellOut(name, "\"depends_on\"", node.locate(KEY, index), read);
      }
    }
    all += read.size();
    byNode.put(node.name(), read);
    if (all > MOST && !read.isEmpty()) {
      report.add(
          Diagnostic.of(
              DiagnosticId.OVERSIZED,
              node.locate(KEY),
              "all nodes together depend on more than " + MOST + " others"));
    }
  }

  /** Whether {@code depends_on} names nodes, each once, and without a cycle. */
  static final class DependencyCheck {

    private final Map<String, NodeDraft> nodes;
    private final NodeNames names;
    private final Dependencies dependencies;
    private final Report report;

    /** Nodes whose dependencies have all been followed. */
    private final Set<String> done = new HashSet<>();

    DependencyCheck(Draft draft, Dependencies dependencies, Report report) {
      this.names = draft.names();
      this.dependencies = dependencies;
      this.nodes = draft.nodes();
      this.report = report;
    }

    void check() {
      nodes.values().forEach(this::checkNames);
      nodes.keySet().forEach(this::follow);
    }

    private void checkNames(NodeDraft node) {
      Map<String, Location> seen = new HashMap<>();
      for (NodeReference it : dependencies.of(node)) {
        Location first = seen.putIfAbsent(it.name(), it.place());
        if (!nodes.containsKey(it.name())) {
          names.reportUnknown(it.name(), "\"depends_on\"", it.place());
        } else if (first != null) {
          report.add(NodeNames.twice("node " + Quote.of(it.name()), it.place(), first));
        }
      }
    }

    /** A node on the path, and its dependencies that are not yet followed. */
    private record Step(NodeDraft node, Iterator<NodeReference> remaining) {}

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
        NodeReference next = step.remaining().next();
        if (onWay.contains(next.name())) {
          reportCycle(next, onWay);
        } else {
          enter(next.name(), way, onWay);
        }
      }
    }

    private void enter(String name, Deque<Step> way, Set<String> onWay) {
      NodeDraft node = nodes.get(name);
      if (node != null && !done.contains(name)) {
        way.addLast(new Step(node, dependencies.of(node).iterator()));
        onWay.add(name);
      }
    }

    private void reportCycle(NodeReference back, Set<String> onWay) {
      String first = back.name();
      List<String> cycle = new ArrayList<>(onWay);
      List<String> path = new ArrayList<>(cycle.subList(cycle.indexOf(first), cycle.size()));
      path.add(first);
      String message =
          path.size() == 2
              ? "node " + Quote.of(first) + " depends on itself"
              : "these nodes wait for each other: " + abridged(path);
      report.add(
          Diagnostic.of(DiagnosticId.DEPENDENCY_CYCLE, back.place(), message)
              .hint("remove one of these dependencies"));
    }

    private static String abridged(List<String> path) {
      int shown = 8;
      String start = path.stream().limit(shown).collect(Collectors.joining(" → "));
      return path.size() <= shown
          ? start
          : start + " → … (" + (path.size() - shown - 1) + " more) → " + path.get(path.size() - 1);
    }
  }
}
