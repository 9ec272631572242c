package dev.topology.containerlab;

import dev.topology.containerlab.Value.Entry;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What becomes of a containerlab file.
 *
 * @param text a topology file that loads, if the limits of a topology allow it
 * @param findings what has no counterpart, or not quite, in the order of the file
 */
public record Import(String text, List<Finding> findings) {

  private static final Set<String> TOP = Set.of("name", "topology");
  private static final Set<String> TOPOLOGY =
      Set.of("defaults", "kinds", "groups", "nodes", "links");

  public Import {
    findings = List.copyOf(findings);
  }

  /**
   * Translates a file.
   *
   * @param source YAML without syntax errors
   * @param isThere whether a path of this host leads to something, by the place of the new file
   * @return empty if it has no nodes where a containerlab file has them
   */
  public static Optional<Import> of(SourceText source, Predicate<Path> isThere) {
    Optional<Value> root = Value.of(source);
    Optional<Value> topology = root.flatMap(it -> it.get("topology")).filter(Value::isMap);
    Optional<Value> nodes =
        topology.flatMap(it -> it.get("nodes")).filter(it -> !it.entries().isEmpty());
    return nodes.map(
        it -> new Translation(source, isThere).run(root.orElseThrow(), topology.orElseThrow(), it));
  }

  /** One translation; used once. */
  private static final class Translation {

    private final SourceText source;
    private final Findings findings = new Findings();
    private final NodeTranslation translation;
    private final Map<String, Guest> guests = new LinkedHashMap<>();
    private final Map<String, Layers> layers = new LinkedHashMap<>();

    Translation(SourceText source, Predicate<Path> isThere) {
      this.source = source;
      this.translation = new NodeTranslation(findings, isThere);
    }

    Import run(Value root, Value topology, Value nodes) {
      root.entries().stream().filter(it -> !TOP.contains(it.name())).forEach(this::report);
      topology.entries().stream().filter(it -> !TOPOLOGY.contains(it.name())).forEach(this::report);
      reportLayers(topology);
      nodes(topology, nodes);
      List<Link> links = links(topology);
      // Containers forward packets between their interfaces; machines only where they are told to.
      guests.values().stream()
          .filter(it -> it.interfaces.size() > 1)
          .forEach(it -> it.forward = true);
      guests.forEach((name, guest) -> translation.commands(layersOf(name), guest));
      String name = name(root);
      return new Import(
          TopologyText.of(fileName(), name, findings.sorted(), guests.values(), links),
          findings.sorted());
    }

    private void report(Entry entry) {
      Counterparts.report(entry, findings);
    }

    private void reportLayers(Value topology) {
      topology.get("defaults").ifPresent(it -> Counterparts.report(it, findings));
      for (String key : List.of("kinds", "groups", "nodes")) {
        topology.get(key).map(Value::entries).orElse(List.of()).stream()
            .map(Entry::value)
            .forEach(it -> Counterparts.report(it, findings));
      }
    }

    private void nodes(Value topology, Value nodes) {
      Names names = new Names();
      for (Entry entry : nodes.entries()) {
        Layers all = Layers.of(entry.value(), topology);
        String name = names.take(entry.name());
        if (!name.equals(entry.name())) {
          findings.add(
              entry.key(),
              entry.name(),
              "names are of lower-case letters, digits and hyphens; it is called " + name,
              "nothing needs to be done");
        }
        translation
            .translate(entry, all, name)
            .ifPresent(
                guest -> {
                  guests.put(entry.name(), guest);
                  layers.put(entry.name(), all);
                });
      }
      guests.values().forEach(this::translateDependencies);
    }

    /** From names in the file to those they have now; without nodes that were left out. */
    private void translateDependencies(Guest guest) {
      List<String> wanted = List.copyOf(guest.dependsOn);
      guest.dependsOn.clear();
      wanted.stream()
          .map(guests::get)
          .filter(Objects::nonNull)
          .forEach(it -> guest.dependsOn.add(it.name));
    }

    private List<Link> links(Value topology) {
      LinkTranslation links = new LinkTranslation(guests, findings);
      List<Link> all = new ArrayList<>();
      topology.get("links").map(Value::items).orElse(List.of()).stream()
          .flatMap(it -> links.translate(it).stream())
          .forEach(all::add);
      return all;
    }

    private String name(Value root) {
      Optional<Value> given = root.get("name");
      String name = given.map(Value::text).orElse(fileName().replaceFirst("[.].*", ""));
      String label = Names.label(name);
      if (!label.equals(name)) {
        given.ifPresent(
            it ->
                findings.add(
                    it,
                    "name",
                    "names are of lower-case letters, digits and hyphens; it is called " + label,
                    "nothing needs to be done"));
      }
      return label;
    }

    private Layers layersOf(String name) {
      return Objects.requireNonNull(layers.get(name));
    }

    private String fileName() {
      return source.name().substring(source.name().lastIndexOf('/') + 1);
    }
  }
}
