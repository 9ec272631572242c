package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a user wrote, without a meaning yet: scalars, sequences and mappings, each with its place.
 * Aliases are resolved and shared, merge keys are merged, variables are filled in.
 */
public sealed interface Tree {

  Location location();

  /** The same contents seen at another place, as an alias sees its anchor's. */
  Tree at(Location other);

  /** As a user would call it: {@code a list}. */
  String kind();

  /** The value under a key, if this is a mapping that has it. */
  default Optional<Tree> get(String key) {
    return Optional.empty();
  }

  /** What is written there; empty if it is no scalar. */
  default String text() {
    return "";
  }

  /** Whether nothing was written where a value could stand. */
  default boolean isEmptyValue() {
    return false;
  }

  /** Whether the value is unknown because of a mistake that has been reported. */
  default boolean isBroken() {
    return false;
  }

  /** A text, or something that could be a number or a truth value. */
  record Scalar(Location location, String text, Style style) implements Tree {

    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");

    /** How a scalar was written. */
    public enum Style {
      /** Without quotes, so that it may be a number, a truth value or nothing at all. */
      PLAIN,
      /** In quotes, as a block, or tagged as a string: always a text. */
      TEXT,
      /** Its value is unknown because of a mistake that has been reported. */
      BROKEN
    }

    public boolean isPlain() {
      return style == Style.PLAIN;
    }

    @Override
    public boolean isBroken() {
      return style == Style.BROKEN;
    }

    public boolean isInteger() {
      return isPlain() && INTEGER.matcher(text).matches();
    }

    public boolean isBoolean() {
      return isPlain() && (text.equals("true") || text.equals("false"));
    }

    @Override
    public boolean isEmptyValue() {
      return isPlain() && NULL.matcher(text).matches();
    }

    /** Where a part of the text stands, or the whole if it is not written as it reads. */
    public Location part(int from, int to) {
      String line =
          location.source().isEmpty() ? "" : location.source().line(location.start().line());
      int start =
          line.offsetByCodePoints(0, Math.min(location.start().column() - 1, line.length()));
      if (line.startsWith(text, start)) {
        return location.part(from, to - from);
      }
      boolean quoted = start < line.length() && line.startsWith(text, start + 1);
      return quoted ? location.part(from + 1, to - from) : location;
    }

    @Override
    public Tree at(Location other) {
      return new Scalar(other, text, style);
    }

    @Override
    public String kind() {
      if (isEmptyValue()) {
        return "nothing";
      }
      return isInteger() ? "a number" : isBoolean() ? "a truth value" : "a text";
    }
  }

  /** An ordered list. */
  record Sequence(Location location, List<Tree> items) implements Tree {

    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Tree at(Location other) {
      return new Sequence(other, items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * Keys with values, in the order of the file.
   *
   * @param isWhole whether no key is missing because of a mistake that has been reported
   */
  record Mapping(Location location, Map<String, Entry> entries, boolean isWhole) implements Tree {

    /** Wraps the map, which the caller gives away. */
    public Mapping {
      entries = Collections.unmodifiableMap(entries);
    }

    public Mapping(Location location, Map<String, Entry> entries) {
      this(location, entries, true);
    }

    public static Mapping empty(Location location) {
      return new Mapping(location, new LinkedHashMap<>());
    }

    @Override
    public Optional<Tree> get(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    @Override
    public Tree at(Location other) {
      return new Mapping(other, entries, isWhole);
    }

    @Override
    public String kind() {
      return "a map";
    }
  }

  /** A key with its value. */
  record Entry(Scalar key, Tree value) {}

  /**
   * The entries of a mapping as they are read: each key once, and what is merged with {@code <<}
   * only where the mapping does not say otherwise itself, before or after.
   */
  public static final class MappingEntries {

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

    /** Notes that an entry is missing, because it cannot be read. */
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
}
