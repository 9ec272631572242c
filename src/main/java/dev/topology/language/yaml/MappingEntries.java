package dev.topology.language.yaml;

import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The entries of a mapping as they are read: each key once, and what is merged with {@code <<} only
 * where the mapping does not say otherwise itself, before or after.
 */
public final class MappingEntries {

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> merged = new HashSet<>();
  private final Report report;
  private boolean isWhole = true;

  public MappingEntries(Report report) {
    this.report = report;
  }

  public void put(Entry entry) {
    String key = entry.key().text();
    Entry first = entries.get(key);
    if (first == null || merged.remove(key)) {
      entries.put(key, entry);
    } else {
      report.add(
          Diagnostic.of(
                  DiagnosticId.DUPLICATE_KEY,
                  entry.key().location(),
                  "the key " + Quote.of(key) + " is here a second time")
              .related("first given here:", first.key().location()));
    }
  }

  /** Merges a map, or the maps of a list; the earlier ones win. */
  public void merge(Scalar key, Tree value) {
    List<Tree> sources = value instanceof Sequence sequence ? sequence.items() : List.of(value);
    for (Tree source : sources) {
      isWhole &= source instanceof Mapping mapping && mapping.isWhole();
      if (source instanceof Mapping mapping) {
        mapping.entries().forEach(this::mergeEntry);
      } else if (!source.isBroken()) {
        report.add(badMerge(key, source));
      }
    }
  }

  /** Notes that there is one more, which cannot be read. */
  public void lose() {
    isWhole = false;
  }

  /** Used once all of them are there. */
  public Mapping toMapping(Location location) {
    return new Mapping(location, entries, isWhole);
  }

  private void mergeEntry(String key, Entry entry) {
    if (entries.putIfAbsent(key, entry) == null) {
      merged.add(key);
    }
  }

  private static Diagnostic badMerge(Scalar key, Tree source) {
    Location place = source.isEmptyValue() ? key.location() : source.location();
    return Diagnostic.of(
            DiagnosticId.BAD_MERGE,
            place,
            "\"<<\" merges a map or a list of maps, not " + source.kind())
        .hint("write \"<<: *name\" with an anchor \"&name\" on a map");
  }
}
