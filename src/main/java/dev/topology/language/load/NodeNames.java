package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.DUPLICATE_ENTRY;
import static dev.topology.source.DiagnosticId.SEVERAL_NODES;
import static dev.topology.source.DiagnosticId.UNKNOWN_NODE;

import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.Draft.SwitchDraft;
import dev.topology.language.value.Nearest;
import dev.topology.language.yaml.Report;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The names of the nodes, to look up what other parts of a file name. A list of nodes may say
 * {@code worker-*} for all copies of the node {@code worker}, in their order.
 */
final class NodeNames {

  static final String WILDCARD = "-*";

  private static final int FEW = 8;

  /** Looking through all names for each of thousands of wrong ones would take minutes. */
  private static final int MOST_SUGGESTIONS = 1000;

  private final Map<String, NodeDraft> nodes;
  private final Map<String, Copies> copies;
  private final Map<String, SwitchDraft> switches;
  private final boolean isComplete;
  private final Report report;
  private final Nearest nearest;
  private int suggestions;

  NodeNames(
      Map<String, NodeDraft> nodes,
      Map<String, Copies> copies,
      Map<String, SwitchDraft> switches,
      boolean isComplete,
      Report report) {
    this.nodes = nodes;
    this.copies = copies;
    this.switches = switches;
    this.isComplete = isComplete;
    this.report = report;
    this.nearest = new Nearest(nodes.keySet());
  }

  /**
   * What is wrong where a list of names has one again.
   *
   * @param what is named, with its name
   */
  static Diagnostic twice(String what, Location again, Location first) {
    return Diagnostic.of(DUPLICATE_ENTRY, again, what + " is in this list twice")
        .related("first given here:", first);
  }

  /**
   * Adds the node of a name to a list, or the nodes of a wildcard.
   *
   * @param subject what names it, for messages
   * @return whether it was understood; if not, that is reported. Whether a node has the name is for
   *     others to say
   */
  boolean spellOut(String name, String subject, Location place, List<NodeReference> all) {
    if (!isWildcard(name)) {
      return all.add(new NodeReference(name, place));
    }
    Copies meant = copies.get(name.substring(0, Math.max(0, name.length() - WILDCARD.length())));
    if (meant == null || !name.endsWith(WILDCARD)) {
      if (isComplete) {
        report.add(unknownCopies(name, subject, place));
      }
      return false;
    }
    meant.names().forEach(it -> all.add(new NodeReference(it, place)));
    return meant.count().isPresent();
  }

  /**
   * Whether a name is that of a single node, as far as can be seen; if not, that is reported.
   *
   * @param rule why it must be
   * @param advice what to do with several
   */
  boolean isOne(String name, String rule, String advice, Location place) {
    if (isWildcard(name)) {
      report.add(
          Diagnostic.of(SEVERAL_NODES, place, rule + ", but " + Quote.of(name) + " is several")
              .hint(advice));
    }
    return !isWildcard(name);
  }

  /** Whether a cable can be plugged into what has that name. */
  boolean isKnown(String name) {
    return nodes.containsKey(name) || switches.containsKey(name);
  }

  /** Reports that a name is not that of a node, and which node is probably meant. */
  void reportUnknown(String name, String subject, Location place) {
    Optional<Copies> family =
        copies.values().stream().filter(it -> it.mayInclude(name)).findFirst();
    if (!isComplete || (family.isPresent() && family.get().count().isEmpty())) {
      return;
    }
    report.add(
        unknown(name, subject, place, family.or(() -> Optional.ofNullable(copies.get(name)))));
  }

  private static boolean isWildcard(String name) {
    return name.indexOf('*') >= 0;
  }

  private Diagnostic unknown(String name, String subject, Location place, Optional<Copies> family) {
    Diagnostic diagnostic =
        Diagnostic.of(
            UNKNOWN_NODE,
            place,
            subject + " names node " + Quote.of(name) + ", which is not defined");
    if (switches.containsKey(name)) {
      return diagnostic
          .hint(Quote.of(name) + " is a switch, which takes no start")
          .related("defined at", Objects.requireNonNull(switches.get(name)).location());
    }
    if (name.equals("host") || name.equals("udp")) {
      return diagnostic.hint("an end that leads out of the topology is a map: {host: tap0}");
    }
    if (family.isPresent()) {
      return diagnostic
          .hint("the nodes of that count are " + family.get().range())
          .related("defined at", family.get().location());
    }
    return meant(name)
        .map(
            it ->
                diagnostic
                    .hint("did you mean " + Quote.of(it.name()) + "?")
                    .related("defined at", it.location()))
        .or(() -> meantSwitch(name, diagnostic))
        .orElseGet(() -> diagnostic.hint(choices()));
  }

  private Diagnostic unknownCopies(String name, String subject, Location place) {
    Diagnostic diagnostic =
        Diagnostic.of(
            UNKNOWN_NODE,
            place,
            subject
                + " names the copies "
                + Quote.of(name)
                + ", but no node has a count like that");
    List<String> wildcards = copies.values().stream().map(Copies::wildcard).toList();
    String base = name.replaceFirst("-?\\*$", "");
    NodeDraft uncounted = nodes.get(base);
    if (uncounted != null) {
      return diagnostic
          .hint("node " + Quote.of(base) + " has no count")
          .related("defined at", uncounted.location());
    }
    return diagnostic.hint(
        Nearest.to(name, wildcards)
            .map(it -> "did you mean \"" + it + "\"?")
            .orElse(
                wildcards.isEmpty() || wildcards.size() > FEW
                    ? "a node that says \"count: 3\" has three copies"
                    : "there are " + String.join(", ", wildcards)));
  }

  private Optional<Diagnostic> meantSwitch(String name, Diagnostic diagnostic) {
    return Nearest.to(name, switches.keySet())
        .flatMap(it -> Optional.ofNullable(switches.get(it)))
        .map(
            it ->
                diagnostic
                    .hint("did you mean switch " + Quote.of(it.name()) + "?")
                    .related("defined at", it.location()));
  }

  private Optional<NodeDraft> meant(String name) {
    boolean isWorthIt = suggestions++ < MOST_SUGGESTIONS;
    return isWorthIt
        ? nearest.to(name).flatMap(it -> Optional.ofNullable(nodes.get(it)))
        : Optional.empty();
  }

  private Optional<String> choices() {
    return nodes.isEmpty() || nodes.size() > FEW
        ? Optional.empty()
        : Optional.of("the nodes are " + String.join(", ", nodes.keySet()));
  }

  /**
   * A node as another part of the topology names it.
   *
   * @param name of the node, which may not exist
   * @param place where it is named; for a wildcard, where that is
   */
  record NodeReference(String name, Location place) {}

  /**
   * The nodes that come of one with a {@code count}: {@code worker-1}, {@code worker-2} …
   *
   * @param base the name as written, which is the name of none of them
   * @param count how many there are; empty where that could not be read, which has been reported
   * @param location of the name
   */
  record Copies(String base, OptionalInt count, Location location) {

    /** The item of a list that means all of them. */
    String wildcard() {
      return base + NodeNames.WILDCARD;
    }

    /** Their names, in order. */
    List<String> names() {
      return IntStream.rangeClosed(1, count.orElse(0)).mapToObj(this::name).toList();
    }

    String name(int number) {
      return base + "-" + number;
    }

    /** Whether a name has the form of theirs, with any number. */
    boolean mayInclude(String name) {
      return name.startsWith(base + "-") && name.substring(base.length() + 1).matches("[0-9]+");
    }

    /** {@code worker-1 to worker-8}. */
    String range() {
      int last = count.orElse(1);
      return last == 1 ? name(1) : name(1) + " to " + name(last);
    }
  }
}
