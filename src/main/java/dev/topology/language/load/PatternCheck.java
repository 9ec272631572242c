package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.DUPLICATE_ENTRY;
import static dev.topology.source.DiagnosticId.OVERSIZED;
import static dev.topology.source.DiagnosticId.PATTERN_TOO_SMALL;

import dev.topology.language.document.CableDocument;
import dev.topology.language.value.Names;
import dev.topology.language.value.Parsed.Wrong;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether patterns of cables can be spelt out: each by itself, and all together. */
final class PatternCheck {

  private final Report report;
  private long cables;

  PatternCheck(Report report) {
    this.report = report;
  }

  /** Whether it can be; what speaks against it is reported. */
  boolean isGood(WrittenPattern pattern) {
    boolean isLarge = isLargeEnough(pattern);
    boolean isUnique = isFreeOfDuplicates(pattern);
    return isLarge && isUnique && isAffordable(pattern) && isNameable(pattern);
  }

  private boolean isLargeEnough(WrittenPattern pattern) {
    boolean largeEnough = pattern.nodes().size() >= pattern.kind().fewestNodes();
    if (!largeEnough) {
      report.add(
          Diagnostic.of(PATTERN_TOO_SMALL, pattern.location(), smallness(pattern))
              .hint(
                  pattern.kind() == CablePattern.RING && pattern.nodes().size() == 2
                      ? Optional.of("two nodes make a line")
                      : Keys.example(CableDocument.class, pattern.kind().key())
                          .map(it -> "such as \"" + it + "\"")));
    }
    return largeEnough;
  }

  private static String smallness(WrittenPattern pattern) {
    CablePattern kind = pattern.kind();
    return kind == CablePattern.STAR
        ? "a star has at least 1 leaf"
        : "a %s has at least %d nodes, not %d"
            .formatted(kind.key(), kind.fewestNodes(), pattern.nodes().size());
  }

  private boolean isFreeOfDuplicates(WrittenPattern pattern) {
    Map<String, Location> seen = new HashMap<>();
    boolean free = true;
    for (NodeReference node : pattern.nodes()) {
      Location first = seen.putIfAbsent(node.name(), node.place());
      if (first != null) {
        free = false;
        report.add(duplicate(pattern, node, first));
      }
    }
    return free;
  }

  private static Diagnostic duplicate(WrittenPattern pattern, NodeReference node, Location first) {
    List<NodeReference> nodes = pattern.nodes();
    boolean closes =
        pattern.kind() == CablePattern.LINE
            && node.equals(nodes.get(nodes.size() - 1))
            && node.name().equals(nodes.get(0).name());
    return Diagnostic.of(
            DUPLICATE_ENTRY,
            node.place(),
            "node " + Quote.of(node.name()) + " is in this " + pattern.kind().key() + " twice")
        .hint(closes ? Optional.of("a ring closes by itself") : Optional.empty())
        .related("first given here:", first);
  }

  private boolean isAffordable(WrittenPattern pattern) {
    if (cables + pattern.size() > Binder.MOST_OF_A_KIND) {
      report.add(
          Diagnostic.of(
              OVERSIZED,
              pattern.location(),
              "with the %d cables of this %s the topology has more than %d"
                  .formatted(pattern.size(), pattern.kind().key(), Binder.MOST_OF_A_KIND)));
      return false;
    }
    cables += pattern.size();
    return true;
  }

  /** Whether the last and longest of the cables' names is still one. */
  private boolean isNameable(WrittenPattern pattern) {
    String name = pattern.keys().name();
    if (name != null
        && Names.cableName(name + "-" + pattern.size()) instanceof Wrong<String> wrong) {
      report.add(
          Diagnostic.of(wrong.id(), pattern.locate("name"), wrong.message()).hint(wrong.hint()));
      return false;
    }
    return true;
  }
}
