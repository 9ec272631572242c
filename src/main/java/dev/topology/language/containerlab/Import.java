package dev.topology.language.containerlab;

import dev.topology.language.containerlab.GuestBuilder.Guest;
import dev.topology.language.containerlab.Import.Finding;
import dev.topology.language.containerlab.NodeTranslation.WaitTranslation;
import dev.topology.language.containerlab.TopologyText.Part;
import dev.topology.language.containerlab.Value.Entry;
import dev.topology.language.containerlab.Value.Layers;
import dev.topology.language.value.Names;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The translation of a containerlab file.
 *
 * @param text a topology file that loads; empty if no node has a counterpart
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
   * @param errors what is wrong with the text of a topology file; what that is about is left out
   * @return empty if it has no nodes where a containerlab file has them
   */
  public static Optional<Import> of(
      SourceText source, Places places, Function<SourceText, List<Diagnostic>> errors) {
    Optional<Value> root = Value.of(source);
    Optional<Value> topology = root.flatMap(it -> it.get("topology")).filter(Value::isMap);
    Optional<Value> nodes =
        topology.flatMap(it -> it.get("nodes")).filter(it -> !it.entries().isEmpty());
    return nodes.map(
        it ->
            new Translation(source, places, errors)
                .run(root.orElseThrow(), topology.orElseThrow(), it));
  }

  /** One translation; used once. */
  private static final class Translation {

    private final SourceText source;
    private final Findings findings = new Findings();
    private final NodeTranslation translation;
    private final Map<String, GuestBuilder> guests = new LinkedHashMap<>();
    private final Map<String, String> switches = new LinkedHashMap<>();
    private final Map<String, Layers> layers = new LinkedHashMap<>();
    private final Map<String, Value> nodesByGuest = new HashMap<>();
    private final LinkTranslation links = new LinkTranslation(guests, switches, findings);
    private final Function<SourceText, List<Diagnostic>> errors;

    Translation(SourceText source, Places places, Function<SourceText, List<Diagnostic>> errors) {
      this.source = source;
      this.errors = errors;
      this.translation = new NodeTranslation(findings, places);
    }

    Import run(Value root, Value topology, Value nodes) {
      root.entries().stream().filter(it -> !TOP.contains(it.name())).forEach(this::report);
      topology.entries().stream().filter(it -> !TOPOLOGY.contains(it.name())).forEach(this::report);
      reportLayers(topology);
      nodes(topology, nodes);
      WaitTranslation waits = new WaitTranslation(guests, findings);
      CommandTranslation commands = new CommandTranslation(findings);
      topology.get("links").map(Value::items).orElse(List.of()).forEach(links::translate);
      guests.forEach((name, guest) -> waits.translate(layersOf(name), guest));
      guests.forEach((name, guest) -> commands.translate(layersOf(name), guest));
      nodes.entries().forEach(this::forward);
      String name = name(root);
      String text = guests.isEmpty() ? "" : valid(name);
      return new Import(text, findings.sorted());
    }

    /**
     * The file without what does not fit: addresses that are taken, more cables than there can be.
     */
    private String valid(String name) {
      TopologyText text = text(name);
      boolean hasChanged = true;
      while (hasChanged) {
        List<Diagnostic> wrong = errors.apply(new SourceText(name + ".yaml", text.text()));
        hasChanged = leaveOut(wrong, text);
        text = hasChanged ? text(name) : text;
      }
      return text.text();
    }

    private TopologyText text(String name) {
      List<Guest> built = guests.values().stream().map(GuestBuilder::build).toList();
      return TopologyText.of(
          fileName(), name, findings.sorted(), built, switches.values(), links.links());
    }

    /** Whether something could be left out. The last cables first, as that changes indexes. */
    private boolean leaveOut(List<Diagnostic> wrong, TopologyText text) {
      Map<Part, Diagnostic> parts = new LinkedHashMap<>();
      for (Diagnostic each : wrong) {
        text.partAt(each.location().start().line()).ifPresent(it -> parts.putIfAbsent(it, each));
      }
      List<Part> all = new ArrayList<>(parts.keySet());
      Collections.reverse(all);
      all.forEach(part -> leaveOut(part, Objects.requireNonNull(parts.get(part))));
      return !all.isEmpty();
    }

    private void leaveOut(Part part, Diagnostic because) {
      Value place;
      String what;
      if (part.node().isEmpty()) {
        int index = Integer.parseInt(part.entry());
        place = links.place(index);
        what = links.leaveOut(index);
      } else {
        guests.values().stream()
            .filter(guest -> guest.name().equals(part.node()))
            .forEach(guest -> guest.leaveOut(part.key(), part.entry()));
        place = Objects.requireNonNull(nodesByGuest.get(part.node()));
        what = part.entry().isEmpty() ? "it" : "\"" + part.entry() + "\"";
      }
      findings.add(
          place,
          part.key(),
          because.message() + "; " + what + " is left out",
          because.hint().orElse("see `topology explain " + because.id() + "`"));
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
      FreeNames names = new FreeNames(nodes.entries().stream().map(Entry::name).toList());
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
        if (NodeTranslation.isSwitch(all)) {
          switches.put(entry.name(), name);
          continue;
        }
        translation
            .translate(entry, all, name)
            .ifPresent(
                guest -> {
                  guests.put(entry.name(), guest);
                  layers.put(entry.name(), all);
                  nodesByGuest.put(name, entry.key());
                });
      }
    }

    private String name(Value root) {
      Optional<Value> given = root.get("name");
      String name = given.map(Value::text).orElse(fileName().replaceFirst("[.].*", ""));
      String label = FreeNames.label(name);
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

  /** Makes names that a topology can have: DNS labels, each once. */
  private static final class FreeNames {

    private static final int LONGEST = 63;

    private final Set<String> taken = new HashSet<>(Set.of("localhost"));

    /**
     * @param all all names of the file: valid ones are kept, also if a changed one comes before
     *     them
     */
    FreeNames(Collection<String> all) {
      all.stream().filter(name -> label(name).equals(name)).forEach(taken::add);
    }

    /** The name itself if it can stay, or else one near to it. */
    String take(String name) {
      String label = label(name);
      if (label.equals(name) && !name.equals("localhost")) {
        return name;
      }
      String free = label;
      for (int number = 2; !taken.add(free); number++) {
        String end = "-" + number;
        free = label.substring(0, Math.min(label.length(), LONGEST - end.length())) + end;
      }
      return free;
    }

    static String label(String name) {
      return Names.toDnsLabel(name).orElse("node");
    }
  }

  /** What has been found so far, each once: what many nodes inherit is reported once. */
  static final class Findings {

    private final Set<Finding> all = new LinkedHashSet<>();

    void add(Value place, String key, String why, String advice) {
      all.add(new Finding(place.location(), key, why, advice));
    }

    /** In the order of the file. */
    List<Finding> sorted() {
      return all.stream().sorted(Comparator.comparing(it -> it.location().start())).toList();
    }
  }

  /**
   * Where the files of the host are that a lab names, by the paths of the lab and of the new file.
   *
   * @param lab the directory of the containerlab file, where its relative paths start; absolute
   * @param topology the directory of the new file, where its own start; absolute. Empty if it is
   *     not known: then the new file has absolute paths
   * @param isThere whether an absolute path, or one that starts with {@code ~}, leads to something
   * @param isDirectory whether such a path leads to a directory
   */
  public record Places(
      Path lab, Optional<Path> topology, Predicate<Path> isThere, Predicate<Path> isDirectory) {

    /** Whether a path of the lab leads to something; one with a variable in it may. */
    boolean leadSomewhere(String path) {
      return path.contains("$") || isThere.test(place(path));
    }

    /** Whether a path of the lab leads to a directory; one with a variable in it does not. */
    boolean leadToDirectory(String path) {
      return !path.contains("$") && isDirectory.test(place(path));
    }

    private Path place(String path) {
      return path.startsWith("~") ? Path.of(path) : lab.resolve(path);
    }

    /** The same place, as the new file has to say it. */
    String inTopology(String path) {
      boolean staysAsItIs =
          topology.filter(lab::equals).isPresent()
              || path.startsWith("$")
              || path.startsWith("~")
              || Path.of(path).isAbsolute();
      if (staysAsItIs) {
        return path;
      }
      Path absolute = lab.resolve(path).normalize();
      return topology.map(it -> it.relativize(absolute)).orElse(absolute).toString();
    }
  }

  /**
   * Something in a containerlab file that has no counterpart, or not quite.
   *
   * @param location where it stands
   * @param key what it is called there
   * @param why there is none, or what became of it
   * @param advice what to do instead
   */
  public record Finding(Location location, String key, String why, String advice) {

    /** All of it in one line: {@code lab.clab.yml:7:5: image: a container image …; …}. */
    @Override
    public String toString() {
      return location + ": " + key + ": " + why + "; " + advice;
    }
  }
}
