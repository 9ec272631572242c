package dev.topology.language.load;

import dev.topology.language.bind.Keys;
import dev.topology.language.bind.TreePath;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Draft.NodeDraft.Layer;
import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Adds to each node the keys of its group and of the defaults. */
final class Groups {

  private final Map<String, Layer> groups;
  private final Layer defaults;
  private final boolean areKnown;
  private final Report report;
  private final Set<String> used = new HashSet<>();

  /**
   * @param areKnown false if a mistake that has been reported hides what groups there are
   */
  Groups(Map<String, Layer> groups, Layer defaults, boolean areKnown, Report report) {
    this.groups = groups;
    this.defaults = defaults;
    this.areKnown = areKnown;
    this.report = report;
    groups.forEach(this::checkNotNested);
    groups.values().forEach(this::checkNotCounted);
    checkNotCounted(defaults);
  }

  /** A node with all its layers. */
  NodeDraft join(Scalar name, Layer own) {
    Optional<Layer> naming =
        Stream.of(own, defaults).filter(it -> it.keys().group() != null).findFirst();
    Optional<String> group = naming.flatMap(it -> Optional.ofNullable(it.keys().group()));
    naming.ifPresent(it -> group.ifPresent(named -> use(named, it)));
    List<Layer> layers =
        Stream.of(Optional.of(own), group.map(groups::get), Optional.of(defaults))
            .flatMap(Optional::stream)
            .toList();
    return NodeDraft.of(name.text(), name.location(), group.filter(groups::containsKey), layers);
  }

  /** Warns of defaults that every node replaces. Not of maps, which are merged. */
  void reportUnusedDefaults(Collection<NodeDraft> nodes) {
    if (!nodes.isEmpty() && defaults.tree() instanceof Mapping mapping) {
      mapping.entries().values().stream()
          .filter(it -> Keys.has(NodeDocument.class, it.key().text()))
          .filter(it -> !(it.value() instanceof Mapping) && !isUsed(it.key().text(), nodes))
          .forEach(it -> report.add(unusedDefault(it.key())));
    }
  }

  /** Whether a node has a key from the defaults, which are its last layer. */
  private static boolean isUsed(String key, Collection<NodeDraft> nodes) {
    return nodes.stream()
        .map(NodeDraft::layers)
        .anyMatch(
            it -> it.stream().limit(it.size() - 1L).allMatch(up -> up.tree().get(key).isEmpty()));
  }

  private static Diagnostic unusedDefault(Scalar key) {
    return Diagnostic.of(
            DiagnosticId.UNUSED_DEFAULT,
            key.location(),
            "every node replaces the default of " + Quote.of(key.text()))
        .hint("take it out here, or there");
  }

  /** Warns of the groups that no node has joined. */
  void reportUnused() {
    groups.forEach(
        (name, layer) -> {
          if (!used.contains(name)) {
            report.add(
                Diagnostic.of(
                        DiagnosticId.UNUSED_GROUP,
                        layer.tree().location().part(0, 1),
                        "no node belongs to group " + Quote.of(name))
                    .hint("a node joins it with \"group: " + name + "\""));
          }
        });
  }

  private void use(String group, Layer naming) {
    used.add(group);
    if (!groups.containsKey(group)) {
      Nearest.to(group, groups.keySet()).ifPresent(used::add);
    }
    if (areKnown && !groups.containsKey(group)) {
      Location place =
          naming.tree().get("group").map(Tree::location).orElse(naming.tree().location());
      report.add(
          Diagnostic.of(DiagnosticId.UNKNOWN_GROUP, place, "there is no group " + Quote.of(group))
              .hint(
                  Nearest.to(group, groups.keySet())
                      .map(it -> "did you mean \"" + it + "\"?")
                      .orElseGet(this::choices)));
    }
  }

  private String choices() {
    return groups.isEmpty()
        ? "groups are defined at the top level, under \"groups:\""
        : "the groups are " + String.join(", ", groups.keySet());
  }

  private void checkNotCounted(Layer layer) {
    layer
        .tree()
        .get("count")
        .ifPresent(
            it ->
                report.add(
                    Diagnostic.of(
                            DiagnosticId.MISPLACED_KEY,
                            TreePath.toKey("count").locate(layer.tree()),
                            "only a node can say how many copies of it there are")
                        .hint("write it at each node that has copies")));
  }

  private void checkNotNested(String name, Layer layer) {
    if (layer.keys().group() != null) {
      Location place =
          layer.tree().get("group").map(Tree::location).orElse(layer.tree().location());
      report.add(
          Diagnostic.of(
                  DiagnosticId.NESTED_GROUP,
                  place,
                  "group " + Quote.of(name) + " cannot belong to a group itself")
              .hint("merge the other group's keys with \"<<\" and an anchor"));
    }
  }
}
