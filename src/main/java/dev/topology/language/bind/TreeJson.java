package dev.topology.language.bind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Optional;

/**
 * Makes of a tree the JSON that Jackson binds.
 *
 * <p>A plain scalar becomes a number or a truth value only if it is one in every version of YAML,
 * and reads the same as text. All others stay text, so that nothing changes its meaning unseen.
 * Empty values are reported here, because Jackson would bind them silently.
 */
final class TreeJson {

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
