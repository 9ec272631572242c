package dev.topology.language.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.Alternatives;
import dev.topology.language.document.DocumentKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    Alternatives alternatives = document.getAnnotation(Alternatives.class);
    if (alternatives != null) {
      choose(shape, alternatives);
    }
    require(shape, keys, alternatives);
    return shape;
  }

  /**
   * A missing key is an error of its own only where no key is misspelt: it is likely the one that
   * is missing, and one message says so. Of alternatives the first is asked for.
   */
  private static void require(
      ObjectNode shape, List<DocumentKey> keys, @Nullable Alternatives alternatives) {
    List<String> missing = new ArrayList<>();
    List<String> meanwhile = new ArrayList<>(keys.stream().map(DocumentKey::name).toList());
    keys.stream().filter(it -> it.about().required()).map(DocumentKey::name).forEach(missing::add);
    if (alternatives != null && alternatives.required()) {
      meanwhile.removeAll(List.of(alternatives.value()));
      missing.add(alternatives.value()[0]);
    }
    if (missing.isEmpty()) {
      return;
    }
    ObjectNode condition = shape.putObject("if").putObject("propertyNames");
    strings(condition.putArray("enum"), Stream.concat(meanwhile.stream(), Stream.of("<<")));
    strings(shape.putObject("then").putArray("required"), missing.stream());
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

  private static void strings(ArrayNode array, Stream<String> items) {
    items.forEach(array::add);
  }
}
