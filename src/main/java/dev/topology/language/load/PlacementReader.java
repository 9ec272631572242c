package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.PLACEMENT_CONFLICT;
import static dev.topology.source.DiagnosticId.PLACEMENT_TOO_SMALL;

import dev.topology.language.bind.Binder;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.PlacementDocument;
import dev.topology.language.load.NodeNames.NodeReference;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.model.PlacementRules;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how the topology is divided over machines, and reports what no division can do. */
final class PlacementReader {

  private static final String SUBJECT = "placement";

  private final Binder binder;
  private final NodeNames names;
  private final Report report;

  PlacementReader(Binder binder, NodeNames names, Report report) {
    this.binder = binder;
    this.names = names;
    this.report = report;
  }

  /** The rules; of wrong ones, those that are good. */
  PlacementRules rules(Tree tree) {
    PlacementDocument keys =
        tree.isEmptyValue()
            ? PlacementDocument.EMPTY
            : binder.bind(tree, PlacementDocument.class, report).orElse(PlacementDocument.EMPTY);
    List<Group> together = groups(keys.together(), "together", tree);
    List<Group> apart = groups(keys.apart(), "apart", tree);
    Joined joined = new Joined(together);
    apart.forEach(it -> checkNotTogether(it, joined));
    Integer machines = keys.machines();
    if (machines != null) {
      Location place = TreePath.to("machines").locate(tree);
      apart.forEach(it -> checkFits(it, machines, place));
    }
    return new PlacementRules(
        machines == null ? OptionalInt.empty() : OptionalInt.of(machines),
        together.stream().map(Group::names).toList(),
        apart.stream().map(Group::names).toList());
  }

  private List<Group> groups(
      @Nullable List<@Nullable List<@Nullable String>> written, String key, Tree tree) {
    List<Group> groups = new ArrayList<>();
    for (int index = 0; written != null && index < written.size(); index++) {
      List<@Nullable String> items = written.get(index);
      if (items != null) {
        groups.add(group(items, TreePath.to(key, index), tree));
      }
    }
    return groups;
  }

  /** Those of a list that are there; for the others the reason is reported. */
  private Group group(List<@Nullable String> items, TreePath path, Tree tree) {
    Map<String, NodeReference> first = new HashMap<>();
    List<NodeReference> all = new ArrayList<>();
    boolean isComplete = true;
    for (int index = 0; index < items.size(); index++) {
      String name = items.get(index);
      List<NodeReference> meant = new ArrayList<>();
      isComplete &=
          name != null && names.spellOut(name, SUBJECT, path.then(index).locate(tree), meant);
      for (NodeReference it : meant) {
        NodeReference before = first.putIfAbsent(it.name(), it);
        if (before != null) {
          report.add(NodeNames.twice(Quote.of(it.name()), it.place(), before.place()));
        } else if (names.isKnown(it.name())) {
          all.add(it);
        } else {
          names.reportUnknown(it.name(), SUBJECT, it.place());
          isComplete = false;
        }
      }
    }
    Location place = path.locate(tree);
    // All copies of a node may be one today.
    if (isComplete && items.size() < 2 && !isWildcard(items)) {
      report.add(tooSmall(path, place));
    }
    return new Group(all, place);
  }

  private static boolean isWildcard(List<@Nullable String> items) {
    return items.stream().anyMatch(it -> it != null && it.endsWith(NodeNames.WILDCARD));
  }

  private static Diagnostic tooSmall(TreePath path, Location place) {
    String key = path.steps().get(0).toString();
    return Diagnostic.of(
            PLACEMENT_TOO_SMALL, place, "this list of \"" + key + "\" has fewer than two nodes")
        .hint("nodes that belong in one list stand in the same brackets: " + key + ": [[a, b]]");
  }

  private void checkNotTogether(Group apart, Joined joined) {
    Map<String, NodeReference> first = new HashMap<>();
    Set<String> reported = new HashSet<>();
    for (NodeReference it : apart.nodes()) {
      String root = joined.of(it.name());
      NodeReference before = first.putIfAbsent(root, it);
      if (before != null && reported.add(root)) {
        report.add(
            Diagnostic.of(
                    PLACEMENT_CONFLICT,
                    it.place(),
                    "%s and %s are to be apart, but also together"
                        .formatted(Quote.of(before.name()), Quote.of(it.name())))
                .hint("take one of them out of a list")
                .related("together here:", joined.placeOf(it.name())));
      }
    }
  }

  private void checkFits(Group apart, int machines, Location place) {
    int nodes = apart.nodes().size();
    if (nodes > machines) {
      report.add(
          Diagnostic.of(
                  PLACEMENT_CONFLICT,
                  apart.place(),
                  nodes + " nodes that are to be apart need as many machines, not " + machines)
              .hint("allow more machines, or take nodes out of the list")
              .related("the most machines:", place));
    }
  }

  /**
   * A list of nodes to place.
   *
   * @param nodes those that are there, each once
   * @param place of the list
   */
  private record Group(List<NodeReference> nodes, Location place) {

    List<String> names() {
      return nodes.stream().map(NodeReference::name).toList();
    }
  }

  /** Which nodes are on one machine since lists put them together, perhaps by way of others. */
  private static final class Joined {

    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, Location> places = new HashMap<>();

    Joined(List<Group> together) {
      for (Group group : together) {
        for (NodeReference it : group.nodes()) {
          places.putIfAbsent(it.name(), it.place());
          parents.put(of(it.name()), of(group.nodes().get(0).name()));
        }
      }
    }

    /** The node that stands for one and all that it is together with. */
    String of(String name) {
      String root = name;
      while (!Objects.equals(parents.getOrDefault(root, root), root)) {
        root = Objects.requireNonNull(parents.get(root));
      }
      parents.put(name, root);
      return root;
    }

    Location placeOf(String name) {
      return Objects.requireNonNull(places.get(name));
    }
  }
}
