package dev.topology.language.containerlab;

import dev.topology.source.Location;
import dev.topology.source.SourceText;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value in a YAML file with its place; anchors are resolved, {@code <<} is merged. */
record Value(Node node, SourceText source) {

  /** A key with its value. */
  record Entry(Value key, Value value) {

    String name() {
      return key.text();
    }
  }

  /** What a text that is YAML says, if it says anything. */
  static Optional<Value> of(SourceText source) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    return Optional.ofNullable(new Yaml(options).compose(new StringReader(source.text())))
        .map(it -> new Value(it, source));
  }

  Location location() {
    return source.locate(node.getStartMark().getIndex(), node.getEndMark().getIndex());
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** A scalar's text; the empty text for all else, and for nothing. */
  String text() {
    return node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)
        ? scalar.getValue()
        : "";
  }

  /** A map's entries, its own before those it merges; none if it is no map. */
  List<Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<Value> merged = new ArrayList<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        Entry entry =
            new Entry(
                new Value(tuple.getKeyNode(), source), new Value(tuple.getValueNode(), source));
        if (entry.name().equals("<<")) {
          merged.addAll(entry.value().isList() ? entry.value().items() : List.of(entry.value()));
        } else {
          entries.putIfAbsent(entry.name(), entry);
        }
      }
    }
    merged.forEach(it -> it.entries().forEach(entry -> entries.putIfAbsent(entry.name(), entry)));
    return List.copyOf(entries.values());
  }

  /** What a map has under a key, unless that is nothing. */
  Optional<Value> get(String key) {
    return entries().stream()
        .filter(it -> it.name().equals(key))
        .map(Entry::value)
        .filter(it -> it.isMap() || it.isList() || !it.text().isEmpty())
        .findFirst();
  }

  /** A list's items; a single scalar is a list of one. */
  List<Value> items() {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(it -> new Value(it, source)).toList();
    }
    return text().isEmpty() ? List.of() : List.of(this);
  }

  /**
   * The keys of a node of containerlab: its own, its group's, its kind's, the defaults.
   *
   * @param all the most specific first
   */
  record Layers(List<Value> all) {

    static Layers of(Value node, Value topology) {
      Optional<Value> defaults = topology.get("defaults");
      List<Value> layers = new ArrayList<>(List.of(node));
      text("group", layers, defaults)
          .flatMap(name -> topology.get("groups").flatMap(it -> it.get(name)))
          .ifPresent(layers::add);
      text("kind", layers, defaults)
          .flatMap(name -> topology.get("kinds").flatMap(it -> it.get(name)))
          .ifPresent(layers::add);
      defaults.ifPresent(layers::add);
      return new Layers(List.copyOf(layers));
    }

    private static Optional<String> text(String key, List<Value> layers, Optional<Value> defaults) {
      List<Value> all = new ArrayList<>(layers);
      defaults.ifPresent(all::add);
      return new Layers(all).get(key).map(Value::text);
    }

    /** What the most specific layer says. */
    Optional<Value> get(String key) {
      return all.stream().flatMap(it -> it.get(key).stream()).findFirst();
    }

    /** What all say, the most general first. */
    List<Value> items(String key) {
      List<Value> general = new ArrayList<>(all);
      Collections.reverse(general);
      return general.stream()
          .flatMap(it -> it.get(key).stream())
          .flatMap(it -> it.items().stream())
          .toList();
    }

    /** Entries by their names; the more specific win. */
    Map<String, Value.Entry> entries(String key) {
      List<Value> general = new ArrayList<>(all);
      Collections.reverse(general);
      Map<String, Value.Entry> entries = new LinkedHashMap<>();
      general.stream()
          .flatMap(it -> it.get(key).stream())
          .flatMap(it -> it.entries().stream())
          .forEach(it -> entries.put(it.name(), it));
      return entries;
    }
  }
}
