package dev.topology.language.load;

import dev.topology.language.load.Tree.Entry;
import dev.topology.language.load.Tree.Mapping;
import dev.topology.language.load.Tree.Scalar;
import dev.topology.language.load.Tree.Scalar.Style;
import dev.topology.language.load.Tree.Sequence;
import dev.topology.source.Location;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Brings the short forms of a cable to the long one, every part keeping its place: {@code [left,
 * "right:eth2"]} becomes {@code {ends: [{node: left}, {node: right, interface: eth2}]}}.
 */
final class CableForms {

  private CableForms() {}

  static Tree toLongForm(Tree cable) {
    if (cable instanceof Sequence ends) {
      return mapping(cable.location(), Map.of("ends", toLongEnds(ends)));
    }
    if (cable instanceof Mapping mapping && mapping.get("ends").orElse(cable) instanceof Sequence) {
      Map<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
      entries.computeIfPresent(
          "ends", (key, it) -> new Entry(it.key(), toLongEnds((Sequence) it.value())));
      return new Mapping(cable.location(), entries, mapping.isWhole());
    }
    return cable;
  }

  private static Tree toLongEnds(Sequence ends) {
    return new Sequence(ends.location(), ends.items().stream().map(CableForms::toLongEnd).toList());
  }

  private static Tree toLongEnd(Tree end) {
    if (!(end instanceof Scalar scalar) || end.isEmptyValue() || scalar.isBroken()) {
      return end;
    }
    String text = scalar.text();
    int colon = text.indexOf(':');
    if (colon < 0) {
      return mapping(end.location(), Map.of("node", scalar));
    }
    Map<String, Tree> parts = new LinkedHashMap<>();
    parts.put("node", part(scalar, 0, colon));
    parts.put("interface", part(scalar, colon + 1, text.length()));
    return mapping(end.location(), parts);
  }

  private static Scalar part(Scalar scalar, int from, int to) {
    return new Scalar(scalar.part(from, to), scalar.text().substring(from, to), Style.TEXT);
  }

  private static Mapping mapping(Location location, Map<String, Tree> values) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> entries.put(key, new Entry(new Scalar(location, key, Style.TEXT), value)));
    return new Mapping(location, entries);
  }
}
