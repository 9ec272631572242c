package dev.topology.containerlab;

import dev.topology.containerlab.Value.Entry;
import dev.topology.source.SourceText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
   * @param places where the files are that it names
   * @return empty if it has no nodes where a containerlab file has them
   */
  public static Optional<Import> of(SourceText source, Places places) {
    Optional<Value> root = Value.of(source);
    Optional<Value> topology = root.flatMap(it -> it.get("topology")).filter(Value::isMap);
    Optional<Value> nodes =
        topology.flatMap(it -> it.get("nodes")).filter(it -> !it.entries().isEmpty());
    return nodes.map(
        it -> new Translation(source, places).run(root.orElseThrow(), topology.orElseThrow(), it));
  }

  /** One translation; used once. */
  private static final class Translation {

    private final SourceText source;
    private final Findings findings = new Findings();
    private final NodeTranslation translation;
    private final Map<String, GuestBuilder> guests = new LinkedHashMap<>();
    private final Map<String, Layers> layers = new LinkedHashMap<>();

    Translation(SourceText source, Places places) {
      this.source = source;
      this.translation = new NodeTranslation(findings, places);
    }

    Import run(Value root, Value topology, Value nodes) {
      root.entries().stream().filter(it -> !TOP.contains(it.name())).forEach(this::report);
      topology.entries().stream().filter(it -> !TOPOLOGY.contains(it.name())).forEach(this::report);
      reportLayers(topology);
      nodes(topology, nodes);
      WaitTranslation waits = new WaitTranslation(guests, findings);
      CommandTranslation commands = new CommandTranslation(findings);
      LinkTranslation links = new LinkTranslation(guests, findings);
      topology.get("links").map(Value::items).orElse(List.of()).forEach(links::translate);
      guests.forEach((name, guest) -> waits.translate(layersOf(name), guest));
      guests.forEach((name, guest) -> commands.translate(layersOf(name), guest));
      nodes.entries().forEach(this::forward);
      String name = name(root);
      List<Guest> built = guests.values().stream().map(GuestBuilder::build).toList();
      return new Import(
          TopologyText.of(fileName(), name, findings.sorted(), built, links.links()),
          findings.sorted());
    }

    /** Containers forward packets as their host does, and one with Docker does. */
    private void forward(Entry node) {
      GuestBuilder guest = guests.get(node.name());
      if (guest != null && guest.mayForward()) {
        guest.forward(true);
        findings.add(
            node.key(),
            node.name(),
            "it forwards packets between its cables, as containers mostly do",
            "take \"forward: true\" out if it should not");
      }
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
