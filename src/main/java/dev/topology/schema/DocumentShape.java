package dev.topology.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.document.Alternatives;
import dev.topology.document.DocumentKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Schemas of the maps that have the keys of a document record, and no others. */
final class DocumentShape {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private DocumentShape() {}

  /** A map with the keys of a document; nothing at all is one without any. */
  static ObjectNode of(Class<?> document) {
    ObjectNode shape = JSON.objectNode();
    shape.putArray("type").add("object").add("null");
    return shape.setAll(keys(document));
  }

  /** What there is to say about the keys of a map, if it is one. */
  static ObjectNode keys(Class<?> document) {
    List<DocumentKey> keys = DocumentKey.of(document);
    ObjectNode shape = JSON.objectNode();
    ObjectNode properties = shape.putObject("properties");
    keys.forEach(it -> properties.set(it.name(), KeyShape.of(it)));
    shape.putObject("patternProperties").putObject(ScalarShape.VARIABLE);
    shape.put("additionalProperties", false);
    require(shape, keys);
    Alternatives alternatives = document.getAnnotation(Alternatives.class);
    if (alternatives != null) {
      choose(shape, alternatives);
    }
    return shape;
  }

  /**
   * A missing key is an error of its own only where no key is misspelt: it is likely the one that
   * is missing, and one message says so.
   */
  private static void require(ObjectNode shape, List<DocumentKey> keys) {
    List<String> required =
        keys.stream().filter(it -> it.about().required()).map(DocumentKey::name).toList();
    if (required.isEmpty()) {
      return;
    }
    ObjectNode condition = shape.putObject("if");
    strings(
        condition.putObject("propertyNames").putArray("enum"),
        Stream.concat(keys.stream().map(DocumentKey::name), Stream.of("<<")));
    strings(shape.putObject("then").putArray("required"), required.stream());
  }

  /** Whoever gives one of them gives none of those after it, so that each pair is reported once. */
  private static void choose(ObjectNode shape, Alternatives alternatives) {
    List<String> keys = Arrays.asList(alternatives.value());
    ObjectNode dependencies = shape.putObject("dependencies");
    for (int at = 0; at < keys.size() - 1; at++) {
      ObjectNode rest = dependencies.putObject(keys.get(at));
      ObjectNode others = rest.putObject("properties");
      keys.subList(at + 1, keys.size()).forEach(it -> others.put(it, false));
      rest.put("errorMessage", "give one of " + ValueWords.oneOf(keys) + ", not several");
    }
  }

  static void strings(ArrayNode array, Stream<String> items) {
    items.forEach(array::add);
  }
}
