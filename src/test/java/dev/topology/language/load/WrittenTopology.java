package dev.topology.language.load;

import dev.topology.language.yaml.Interpolation;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.language.yaml.YamlReader;
import dev.topology.source.Location;
import dev.topology.source.Location.Position;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A good topology file and where its keys, values and references stand, so as to break them. */
final class WrittenTopology {

  /** A key of the language with its value. */
  record Spot(String key, Location keyPlace, Tree value) {}

  /** A name of something that is defined elsewhere in the file. */
  record Reference(Kind kind, String name, Location place, List<String> defined) {
    enum Kind {
      NODE,
      GROUP,
      CHANNEL
    }
  }

  private final SourceText source;
  private final List<Spot> spots = new ArrayList<>();
  private final List<Reference> references = new ArrayList<>();
  private final List<String> nodes;
  private final List<String> groups;

  private WrittenTopology(SourceText source, Tree root) {
    this.source = source;
    this.nodes = nodes(root);
    this.groups = names(root, "groups");
    readTopology(root);
  }

  static WrittenTopology read(Path file) throws IOException {
    SourceText source = new SourceText(file.getFileName().toString(), Files.readString(file));
    Report report = new Report();
    Tree root = YamlReader.read(source, new Interpolation(Map.of(), report), report).orElseThrow();
    return new WrittenTopology(source, root);
  }

  List<Spot> spots() {
    return spots;
  }

  List<Reference> references() {
    return references;
  }

  /** The file with something else at a place. */
  SourceText with(Location place, String text) {
    int start = offset(place.start());
    int end = offset(place.end());
    boolean overLines = place.end().line() > place.start().line();
    // What stands over several lines ends where the next thing starts.
    String rest = overLines ? "\n" + " ".repeat(place.end().column() - 1) : "";
    String whole = source.text();
    return new SourceText(
        source.name(), whole.substring(0, start) + text + rest + whole.substring(end));
  }

  private int offset(Position position) {
    int offset = 0;
    for (int line = 1; line < position.line(); line++) {
      offset = source.text().indexOf('\n', offset) + 1;
    }
    return source.text().offsetByCodePoints(offset, position.column() - 1);
  }

  private void readTopology(Tree root) {
    for (Entry entry : entries(root)) {
      add(entry);
      switch (entry.key().text()) {
        case "defaults" -> readNode(entry.value());
        case "nodes", "groups" -> entries(entry.value()).forEach(it -> readNode(it.value()));
        case "cables" -> items(entry.value()).forEach(this::readCable);
        default -> {}
      }
    }
  }

  private void readNode(Tree node) {
    for (Entry entry : entries(node)) {
      add(entry);
      switch (entry.key().text()) {
        case "depends_on" -> referToNodes(entry.value());
        case "group" -> refer(Reference.Kind.GROUP, entry.value(), groups);
        case "ready" -> entries(entry.value()).forEach(it -> readReady(it, node));
        default -> {}
      }
    }
  }

  private void readReady(Entry entry, Tree node) {
    add(entry);
    if (entry.key().text().equals("channel")) {
      List<String> channels =
          node.get("channels").map(WrittenTopology::items).orElse(List.of()).stream()
              .map(it -> ((Scalar) it).text())
              .toList();
      refer(Reference.Kind.CHANNEL, entry.value(), channels);
    }
  }

  private void readCable(Tree cable) {
    items(cable).forEach(this::readEnd);
    for (Entry entry : entries(cable)) {
      add(entry);
      switch (entry.key().text()) {
        case "ends" -> items(entry.value()).forEach(this::readEnd);
        case "line", "ring", "mesh" -> referToNodes(entry.value());
        case "star" -> entries(entry.value()).forEach(this::readStar);
        default -> {}
      }
    }
  }

  private void readStar(Entry entry) {
    add(entry);
    if (entry.key().text().equals("hub")) {
      refer(Reference.Kind.NODE, entry.value(), nodes);
    } else {
      referToNodes(entry.value());
    }
  }

  private void readEnd(Tree end) {
    if (end instanceof Scalar scalar) {
      refer(Reference.Kind.NODE, scalar, nodes);
    }
    for (Entry entry : entries(end)) {
      add(entry);
      if (entry.key().text().equals("node")) {
        refer(Reference.Kind.NODE, entry.value(), nodes);
      }
    }
  }

  private void add(Entry entry) {
    spots.add(new Spot(entry.key().text(), entry.key().location(), entry.value()));
  }

  private void referToNodes(Tree list) {
    items(list).forEach(it -> refer(Reference.Kind.NODE, it, nodes));
  }

  private void refer(Reference.Kind kind, Tree tree, List<String> defined) {
    String name = ((Scalar) tree).text().replaceFirst(":.*", "");
    Location place = ((Scalar) tree).part(0, name.length());
    references.add(new Reference(kind, name, place, defined));
  }

  /** All that may be said where a list of nodes is: those with a count are there as copies. */
  private static List<String> nodes(Tree root) {
    return root.get("nodes").map(WrittenTopology::entries).orElse(List.of()).stream()
        .flatMap(it -> copies(it.key().text(), it.value().get("count")))
        .toList();
  }

  private static Stream<String> copies(String name, Optional<Tree> count) {
    return count
        .map(it -> Integer.parseInt(((Scalar) it).text()))
        .map(
            it ->
                Stream.concat(
                    IntStream.rangeClosed(1, it).mapToObj(number -> name + "-" + number),
                    Stream.of(name + "-*")))
        .orElse(Stream.of(name));
  }

  private static List<String> names(Tree root, String key) {
    return root.get(key).map(WrittenTopology::entries).orElse(List.of()).stream()
        .map(it -> it.key().text())
        .toList();
  }

  private static List<Entry> entries(Tree tree) {
    return tree instanceof Mapping mapping ? List.copyOf(mapping.entries().values()) : List.of();
  }

  private static List<Tree> items(Tree tree) {
    return tree instanceof Sequence sequence ? sequence.items() : List.of();
  }
}
