package dev.topology.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.DocumentKey;

/** Schemas of the values of keys, with what editors show and offer beside them. */
final class KeyShape {

  private KeyShape() {}

  static ObjectNode of(DocumentKey key) {
    ObjectNode shape = JsonNodeFactory.instance.objectNode();
    shape.put("description", key.about().value());
    shape.put("markdownDescription", key.about().value() + "\n\n" + ifMissing(key));
    shape.setAll(apart(key, ValueShape.of(key)));
    if (!key.about().byDefault().isEmpty()) {
      shape.set("default", YamlText.toJson(key.about().byDefault()));
    }
    examples(key, shape.putArray("examples"));
    return shape;
  }

  /** Of an enumeration all words: some editors offer no others where a variable may stand too. */
  private static void examples(DocumentKey key, ArrayNode examples) {
    Class<?> type = key.component().getType();
    if (type.isEnum()) {
      ValueWords.words(type).forEach(examples::add);
    } else {
      examples.add(YamlText.toJson(key.about().example()));
    }
  }

  /** A reference with other words beside it is read without them, or they without it. */
  private static ObjectNode apart(DocumentKey key, ObjectNode shape) {
    if (!shape.has("$ref")) {
      return shape;
    }
    if (key.about().never().length > 0) {
      return ValueShape.without(key, shape);
    }
    ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
    wrapped.putArray("allOf").add((JsonNode) shape);
    return wrapped;
  }

  private static String ifMissing(DocumentKey key) {
    return key.about().required() ? "Required." : "Default: " + ReferenceTable.byDefault(key) + ".";
  }
}
