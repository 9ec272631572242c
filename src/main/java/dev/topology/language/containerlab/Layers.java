package dev.topology.language.containerlab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node of containerlab's has: its own keys, its group's, its kind's, the defaults.
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
