package dev.topology.language.load;

import dev.topology.language.bind.TreePath;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.value.HostPath;
import dev.topology.language.yaml.Tree;
import dev.topology.model.InterfaceAddress;
import dev.topology.source.Location;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A cable with two ends, each value good in itself.
 *
 * @param keys what it says, or what the pattern says that it is one of
 * @param tree where it says so, in the long form
 * @param left the end named first
 * @param right the end named second
 * @param number which one of its pattern's it is, counted from 1; empty if it is written alone
 */
record CableDraft(
    CableDocument keys, Tree tree, EndDraft left, EndDraft right, OptionalInt number) {

  List<EndDraft> ends() {
    return List.of(left, right);
  }

  /** The name it was given: in a pattern, that of the pattern with its number, {@code spine-3}. */
  Optional<String> name() {
    return Optional.ofNullable(keys.name()).map(it -> it + suffix());
  }

  /** The file it is recorded into: in a pattern, with its number, {@code spine-3.pcap}. */
  Optional<HostPath> capture() {
    return Optional.ofNullable(keys.capture()).map(it -> it.suffixed(suffix()));
  }

  /** Whether the whole cable is to have no addresses. */
  boolean isUnaddressed() {
    return keys.address() != null;
  }

  Location locate(Object... steps) {
    return new TreePath(List.of(steps), false).locate(tree);
  }

  private String suffix() {
    return number.isPresent() ? "-" + number.getAsInt() : "";
  }

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
}
