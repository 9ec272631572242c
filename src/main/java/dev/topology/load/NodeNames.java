package dev.topology.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.Map;
import java.util.Optional;

/** The names of the nodes there are, for whoever finds another one where a node should be. */
final class NodeNames {

  private static final int FEW = 8;

  /** Looking through all names for each of thousands of wrong ones would take minutes. */
  private static final int MOST_SUGGESTIONS = 1000;

  private final Map<String, NodeDraft> nodes;
  private final Nearest nearest;
  private int suggestions;

  NodeNames(Map<String, NodeDraft> nodes) {
    this.nodes = nodes;
    this.nearest = new Nearest(nodes.keySet());
  }

  /** Says that a name is not that of a node, and which node is probably meant. */
  Diagnostic unknown(String name, String subject, Location place) {
    Diagnostic diagnostic =
        Diagnostic.of(
            DiagnosticId.UNKNOWN_NODE,
            place,
            subject + " names node " + Quote.of(name) + ", which is not defined");
    return meant(name)
        .map(
            it ->
                diagnostic
                    .hint("did you mean \"" + it.name() + "\"?")
                    .related("defined at", it.location()))
        .orElseGet(() -> diagnostic.hint(choices()));
  }

  private Optional<NodeDraft> meant(String name) {
    boolean isWorthIt = suggestions++ < MOST_SUGGESTIONS;
    return isWorthIt
        ? nearest.to(name).flatMap(it -> Optional.ofNullable(nodes.get(it)))
        : Optional.empty();
  }

  private Optional<String> choices() {
    return nodes.isEmpty() || nodes.size() > FEW
        ? Optional.empty()
        : Optional.of("the nodes are " + String.join(", ", nodes.keySet()));
  }
}
