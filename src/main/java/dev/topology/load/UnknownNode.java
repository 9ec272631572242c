package dev.topology.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A name where the name of a node should be. */
final class UnknownNode {

  private static final int FEW = 8;

  private UnknownNode() {}

  /** Says so, and which node is probably meant. */
  static Diagnostic named(
      String name, String subject, Location place, Collection<NodeDraft> nodes) {
    Diagnostic diagnostic =
        Diagnostic.of(
            DiagnosticId.UNKNOWN_NODE,
            place,
            subject + " names node " + Quote.of(name) + ", which is not defined");
    List<String> names = nodes.stream().map(NodeDraft::name).toList();
    Optional<String> nearest = Nearest.to(name, names);
    return nodes.stream()
        .filter(it -> nearest.isPresent() && it.name().equals(nearest.get()))
        .findFirst()
        .map(
            it ->
                diagnostic
                    .hint("did you mean \"" + it.name() + "\"?")
                    .related("defined at", it.location()))
        .orElseGet(() -> diagnostic.hint(choices(names)));
  }

  private static Optional<String> choices(List<String> names) {
    return names.isEmpty() || names.size() > FEW
        ? Optional.empty()
        : Optional.of("the nodes are " + String.join(", ", names));
  }
}
