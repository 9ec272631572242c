package dev.topology.language.load;

import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.model.InterfaceAddress;
import dev.topology.source.Location;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One end of a cable, each value good in itself.
 *
 * @param keys what it says
 * @param tree where it says so
 */
record EndDraft(EndDocument keys, Tree tree) {

  /** The node it names; empty if that is missing or no text, which has been reported. */
  Optional<String> node() {
    return Optional.ofNullable(keys.node());
  }

  Optional<String> interfaceName() {
    return Optional.ofNullable(keys.interfaceName());
  }

  /** Its addresses, without what could not be read; empty for {@code none}. */
  List<InterfaceAddress> addresses() {
    return words().flatMap(Optional::stream).toList();
  }

  /** Whether it is to have no address. */
  boolean saysNone() {
    return words().anyMatch(Optional::isEmpty);
  }

  /** Whether it says anything about its addresses. */
  boolean isAddressed() {
    return tree.get("address").isPresent();
  }

  private Stream<Optional<InterfaceAddress>> words() {
    return Stream.ofNullable(keys.address()).flatMap(List::stream).flatMap(Stream::ofNullable);
  }

  Location locate(Object... steps) {
    return new TreePath(List.of(steps), false).locate(tree);
  }
}
