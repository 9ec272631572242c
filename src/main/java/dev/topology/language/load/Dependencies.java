package dev.topology.language.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What each node waits for, with all copies spelt out. */
final class Dependencies {

  private static final String KEY = "depends_on";

  /** Of all nodes together: each is a place in memory and a step of every walk. */
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
}
