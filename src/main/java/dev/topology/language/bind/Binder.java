package dev.topology.language.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.BeanDeserializerFactory;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.TopologyDocument;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Entry;
import dev.topology.language.yaml.Tree.Mapping;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.language.yaml.Tree.Sequence;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Binds a piece of a tree, a node or a cable, to its document record: Jackson binds, Bean
 * Validation judges the record where it may object, and what it objects to is cut out before the
 * piece is bound again. So the record that comes out holds only valid values.
 *
 * <p>Safe for use by several threads; takes milliseconds to make.
 */
public final class Binder {

  /** Enough for thousands of files and ports, little enough to bind a hundred times. */
  private static final int MOST_VALUES = 10_000;

  /** Of nodes, and of cables. */
  public static final int MOST_OF_A_KIND = 100_000;

  /** Of nodes, cables and groups together, as they are written in a file. */
  private static final int MOST_PARTS = 2 * MOST_OF_A_KIND;

  /** Without the configuration of an ObjectMapper, which no deserializer of ours asks for. */
  private static final DeserializationContext CONTEXT =
      new DefaultDeserializationContext.Impl(BeanDeserializerFactory.instance);

  /** Makes what all binders share on a thread of its own, which ends by itself. Returns at once. */
  public static void prepare() {
    Thread thread = new Thread(() -> new Binder().warmUp(), "binder-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void warmUp() {
    Tree nothing = Mapping.empty(Location.startOf(new SourceText("", "")));
    for (Class<? extends Record> document :
        List.of(TopologyDocument.class, NodeDocument.class, CableDocument.class)) {
      bind(nothing, document, new Report());
    }
  }

  /** The record of a whole piece. */
  public <T extends Record> Optional<T> bind(Tree tree, Class<T> type, Report report) {
    if (valuesOf(tree, MOST_VALUES) <= MOST_VALUES) {
      return bind(tree, new TreeJson(type, report).deep(tree), type, report);
    }
    report.add(
        Diagnostic.of(
            DiagnosticId.OVERSIZED,
            tree.location(),
            Keys.subject(type) + " has " + MOST_VALUES + " values at most"));
    return Optional.empty();
  }

  /** The record of the first two levels of a piece. */
  public <T extends Record> Optional<T> bindShallow(Tree tree, Class<T> type, Report report) {
    if (partsOf(tree) <= MOST_PARTS) {
      return bind(tree, new TreeJson(type, report).shallow(tree), type, report);
    }
    report.add(
        Diagnostic.of(
            DiagnosticId.OVERSIZED,
            Location.startOf(tree.location().source()),
            "this topology has " + partsOf(tree) + " parts, but " + MOST_PARTS + " at most"));
    return Optional.empty();
  }

  /** How many values there are on the second level of a tree. */
  private static int partsOf(Tree tree) {
    return tree instanceof Mapping mapping
        ? mapping.entries().values().stream().mapToInt(it -> childrenOf(it.value())).sum()
        : childrenOf(tree);
  }

  private static int childrenOf(Tree tree) {
    if (tree instanceof Sequence sequence) {
      return sequence.items().size();
    }
    return tree instanceof Mapping mapping ? mapping.entries().size() : 1;
  }

  /** How many values there are in a tree, not counted further than one more than the limit. */
  private static int valuesOf(Tree tree, int limit) {
    int values = 1;
    if (tree instanceof Mapping mapping) {
      for (Entry entry : mapping.entries().values()) {
        values += values > limit ? 0 : valuesOf(entry.value(), limit - values);
      }
    } else if (tree instanceof Sequence sequence) {
      for (Tree item : sequence.items()) {
        values += values > limit ? 0 : valuesOf(item, limit - values);
      }
    }
    return values;
  }

  private <T extends Record> Optional<T> bind(
      Tree tree, JsonNode json, Class<T> type, Report report) {
    BindingMistakes mistakes = new BindingMistakes(report, tree, type);
    Optional<T> bound = read(json, type, mistakes);
    if (bound.isEmpty() || !mistakes.isDoubtful()) {
      return bound;
    }
    List<BeanValidation.Objection> objections = BeanValidation.judge(bound.get(), tree);
    for (BeanValidation.Objection objection : objections) {
      report.add(objection.diagnostic());
      objection.path().prune(json);
    }
    return objections.isEmpty()
        ? bound
        : read(json, type, new BindingMistakes(new Report(), tree, type));
  }

  /**
   * Not by an {@code ObjectReader}: it introspects a class before it asks for a deserializer, and
   * its mapper takes 40 ms to make.
   */
  private <T extends Record> Optional<T> read(
      JsonNode json, Class<T> type, BindingMistakes mistakes) {
    try (JsonParser parser = mistakes.parser(json)) {
      parser.nextToken();
      return Optional.ofNullable(Deserializers.of(type).deserialize(parser, CONTEXT));
    } catch (IOException e) {
      throw new UncheckedIOException("a tree in memory is always well-formed", e);
    }
  }

  /**
   * Makes of a tree the JSON that Jackson binds.
   *
   * <p>A plain scalar becomes a number or a truth value only if it is one in every version of YAML,
   * and reads the same as text. All others stay text, so that nothing changes its meaning unseen.
   * Empty values are reported here, because Jackson would bind them silently.
   */
  static final class TreeJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Class<?> document;
    private final Report report;

    TreeJson(Class<?> document, Report report) {
      this.document = document;
      this.report = report;
    }

    /** All of the tree. */
    JsonNode deep(Tree tree) {
      return convert(tree, true, Integer.MAX_VALUE);
    }

    /** Its first two levels, with nothing in place of what is deeper. */
    JsonNode shallow(Tree tree) {
      return convert(tree, true, 2);
    }

    private JsonNode convert(Tree tree, boolean isRoot, int levels) {
      if (levels == 0) {
        return NullNode.getInstance();
      }
      if (tree instanceof Mapping mapping) {
        ObjectNode object = JSON.objectNode();
        mapping.entries().values().forEach(it -> add(object, it, isRoot, levels - 1));
        return object;
      }
      if (tree instanceof Sequence sequence) {
        ArrayNode array = JSON.arrayNode(sequence.items().size());
        sequence.items().forEach(it -> array.add(item(it, levels - 1)));
        return array;
      }
      return scalar((Scalar) tree);
    }

    private void add(ObjectNode object, Entry entry, boolean isRoot, int levels) {
      String key = entry.key().text();
      Tree value = entry.value();
      if (value.isBroken()) {
        return;
      }
      if (!value.isEmptyValue() || levels == 0) {
        object.set(key, convert(value, false, levels));
      } else if (isRoot && !Keys.has(document, key)) {
        object.set(key, NullNode.getInstance());
      } else if (!isRoot || !Keys.mayBeEmpty(document, key)) {
        report.add(emptyValue(entry, isRoot));
      }
    }

    private JsonNode item(Tree item, int levels) {
      if (item.isBroken()) {
        return NullNode.getInstance();
      }
      if (item.isEmptyValue() && levels > 0) {
        report.add(
            Diagnostic.of(DiagnosticId.EMPTY_VALUE, item.location(), "this list item is empty")
                .hint(wordHint(item).orElse("remove it")));
        return NullNode.getInstance();
      }
      return convert(item, false, levels);
    }

    private static JsonNode scalar(Scalar scalar) {
      if (scalar.isBroken() || scalar.isEmptyValue()) {
        return NullNode.getInstance();
      }
      if (scalar.isInteger()) {
        return JSON.numberNode(Long.parseLong(scalar.text()));
      }
      return scalar.isBoolean()
          ? JSON.booleanNode(scalar.text().equals("true"))
          : JSON.textNode(scalar.text());
    }

    private Diagnostic emptyValue(Entry entry, boolean isRoot) {
      String key = entry.key().text();
      Location place = entry.key().location();
      Optional<String> example = isRoot ? Keys.example(document, key) : Optional.empty();
      Optional<String> glued =
          key.contains(":") ? Optional.of("is a space missing after the \":\"?") : Optional.empty();
      return Diagnostic.of(DiagnosticId.EMPTY_VALUE, place, Quote.of(key) + " has no value")
          .hint(
              wordHint(entry.value())
                  .or(() -> glued)
                  .or(() -> example.map(it -> "such as \"" + it + "\", or leave the key out"))
                  .orElse("give it one, or leave the key out"));
    }

    private static Optional<String> wordHint(Tree value) {
      return value instanceof Scalar scalar && scalar.text().equalsIgnoreCase("null")
          ? Optional.of("to YAML, " + scalar.text() + " means nothing; quote it if it is a word")
          : Optional.empty();
    }
  }
}
