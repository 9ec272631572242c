package dev.topology.language.load;

import dev.topology.language.load.CableBuilder.EndBuilder;
import dev.topology.language.load.TestBuilder.StepBuilder;
import dev.topology.language.value.Quantities;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.MappingEntries;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Scalar.Style;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Location;
import dev.topology.source.Location.Position;
import dev.topology.source.SourceText;
import java.lang.StackWalker.StackFrame;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A part of a tree that is made by calls of a builder. */
@FunctionalInterface
interface Written {

  /** The part as it is now; what a tree cannot hold is reported. */
  Tree toTree(Report report);

  /** A text; {@code "22"} and {@code "null"} are texts too. */
  static Written text(String text, Location place) {
    Scalar scalar = new Scalar(place, text, Style.TEXT);
    return report -> report.acceptsText(text, place) ? scalar : new Scalar(place, "", Style.BROKEN);
  }

  /** A number or a truth value. */
  static Written plain(Object value, Location place) {
    Scalar scalar = new Scalar(place, value.toString(), Style.PLAIN);
    return report -> scalar;
  }

  /**
   * A map written entry by entry. Scalars may be written once, as in a file: a second time is
   * reported when the tree is made. Lists and maps in it are opened by their first entry, and grow.
   * Used by one thread.
   */
  static final class WrittenMapping implements Written {

    private record Line(Written key, Written value) {}

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, WrittenMapping> mappings = new HashMap<>();
    private final Map<String, WrittenSequence> sequences = new HashMap<>();
    private final CallSites sites;
    private final Location location;

    WrittenMapping(CallSites sites) {
      this.sites = sites;
      this.location = sites.here();
    }

    Location location() {
      return location;
    }

    void text(String key, String text) {
      put(Written.text(key, sites.here()), Written.text(text, sites.here()));
    }

    void plain(String key, Object value) {
      put(Written.text(key, sites.here()), Written.plain(value, sites.here()));
    }

    void duration(String key, Duration duration) {
      text(key, Quantities.text(duration));
    }

    /** A path is relative to the current directory, as everywhere in Java. */
    void path(String key, Path path) {
      if (!path.getFileSystem().equals(FileSystems.getDefault())) {
        throw new IllegalArgumentException(
            path.toUri() + " is not in the file system of the host: copy it there first");
      }
      text(key, path.toAbsolutePath().toString());
    }

    /** A list of its own, also where the key has one before. */
    void texts(String key, List<String> texts) {
      WrittenSequence list = new WrittenSequence(sites);
      texts.forEach(list::addText);
      put(Written.text(key, sites.here()), list);
    }

    /** Writes an entry whose parts have been made before. */
    void put(Written key, Written value) {
      lines.add(new Line(key, value));
    }

    /** The map under a key, empty at first. */
    WrittenMapping mapping(String key) {
      return mappings.computeIfAbsent(key, it -> open(it, new WrittenMapping(sites)));
    }

    /** The list under a key, empty at first. */
    WrittenSequence sequence(String key) {
      return sequences.computeIfAbsent(key, it -> open(it, new WrittenSequence(sites)));
    }

    private <T extends Written> T open(String key, T value) {
      put(Written.text(key, sites.here()), value);
      return value;
    }

    @Override
    public Mapping toTree(Report report) {
      MappingEntries entries = new MappingEntries(report);
      for (Line line : lines) {
        Tree value = line.value().toTree(report);
        if (line.key().toTree(report) instanceof Scalar key && !key.isBroken()) {
          entries.put(new Entry(key, value));
        }
      }
      return entries.toMapping(location);
    }
  }

  /** A list written item by item. Used by one thread. */
  static final class WrittenSequence implements Written {

    private final List<Written> items = new ArrayList<>();
    private final CallSites sites;
    private final Location location;

    WrittenSequence(CallSites sites) {
      this.sites = sites;
      this.location = sites.here();
    }

    void add(Written item) {
      items.add(item);
    }

    void addText(String text) {
      add(Written.text(text, sites.here()));
    }

    void addTexts(String... texts) {
      List.of(texts).forEach(this::addText);
    }

    @Override
    public Tree toTree(Report report) {
      return new Sequence(location, items.stream().map(it -> it.toTree(report)).toList());
    }
  }

  /**
   * The lines of Java that call a builder. Each call of {@link #here} gives a new place, also on
   * one line, in the order of the calls: two mistakes on one line stay two. Used by one thread.
   */
  static final class CallSites {

    private static final StackWalker STACK =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Frames of these classes are skipped. */
    private static final Set<Class<?>> BUILDERS =
        Set.of(
            TopologyBuilder.class,
            TopologyBuilder.SwitchBuilder.class,
            TopologyBuilder.PlacementBuilder.class,
            NodeBuilder.class,
            ReadyBuilder.class,
            DiskBuilder.class,
            CableBuilder.class,
            TestBuilder.class,
            StepBuilder.class,
            EndBuilder.class,
            WrittenMapping.class,
            WrittenSequence.class,
            CallSites.class);

    /** One object per file, since places in two texts are never equal. */
    private final Map<String, SourceText> sources = new HashMap<>();

    private int places;

    /** The line that called the builder which calls this. */
    Location here() {
      places++;
      return STACK
          .walk(frames -> frames.filter(CallSites::isCaller).findFirst())
          .map(this::locate)
          .orElseGet(() -> nameless("a caller without a stack"));
    }

    /** Frames of the JDK are between where a lambda is passed to it, as to {@code List.forEach}. */
    private static boolean isCaller(StackFrame frame) {
      String name = frame.getClassName();
      return !BUILDERS.contains(frame.getDeclaringClass())
          && !name.startsWith("java.")
          && !name.startsWith("jdk.");
    }

    private Location locate(StackFrame frame) {
      String file = frame.getFileName();
      // JVMS 4.7.10 and 4.7.12: a compiler may leave both out.
      return file == null || frame.getLineNumber() < 1
          ? nameless(frame.getClassName() + "." + frame.getMethodName())
          : place(sources.computeIfAbsent(file, SourceText::compiled), frame.getLineNumber());
    }

    private Location nameless(String caller) {
      return place(sources.computeIfAbsent(caller, it -> new SourceText(it, "")), 1);
    }

    private Location place(SourceText source, int line) {
      Position position = new Position(line, places);
      return new Location(source, position, position);
    }
  }
}
