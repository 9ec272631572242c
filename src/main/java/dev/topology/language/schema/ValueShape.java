package dev.topology.language.schema;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CommandDocument;
import dev.topology.language.document.DocumentKey;
import dev.topology.language.document.EndDocument;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Schemas of the values of keys, by the types of the records' components. */
final class ValueShape {

  /** Documents that stand in several places, by the names of their definitions. */
  static final Map<Class<?>, String> DEFINITIONS =
      Map.of(NodeDocument.class, "node", EndDocument.class, "end", CableDocument.class, "cable");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ValueShape() {}

  /** What a key takes. */
  static ObjectNode of(DocumentKey key) {
    AnnotatedType place = key.component().getAnnotatedType();
    Class<?> type = ValueWords.raw(place);
    if (List.class.isAssignableFrom(type)) {
      return isSingleToo(key) ? oneOrSeveral(key, place) : list(key, place);
    }
    return ValueWords.isMap(type) ? map(key, place) : single(place, Subject.value(key.name()));
  }

  private static ObjectNode single(AnnotatedType place, Subject subject) {
    Class<?> type = ValueWords.raw(place);
    if (type == String.class) {
      return ScalarShape.text(place, subject);
    }
    if (type == Integer.class) {
      return ScalarShape.integer(place, subject);
    }
    if (type == Boolean.class) {
      return ScalarShape.truth(subject, ValueWords.of(place));
    }
    if (type.isEnum()) {
      return ScalarShape.word(type, subject);
    }
    if (type == CommandDocument.class) {
      return command(subject);
    }
    if (type == HostNetworkDocument.class) {
      return hostNetwork(subject);
    }
    return DEFINITIONS.containsKey(type) ? reference(type) : DocumentShape.of(type);
  }

  /** A schema that stands for another has no other words in it: editors would not see them. */
  static ObjectNode reference(Class<?> document) {
    return JSON.objectNode().put("$ref", "#/definitions/" + DEFINITIONS.get(document));
  }

  /** Not blank, for there would be nothing to run. */
  private static ObjectNode command(Subject subject) {
    ObjectNode shape =
        ScalarShape.text(
            Optional.of("[\\s\\S]*\\S[\\s\\S]*"), subject.message("a text or a list of texts"));
    shape.withArray("type").add("array");
    shape.set(
        "items", ScalarShape.text(Optional.empty(), Subject.item("command").message("a text")));
    return shape.put("minItems", 1);
  }

  private static ObjectNode hostNetwork(Subject subject) {
    ObjectNode shape = ScalarShape.truth(subject, "true, false or a map");
    shape.withArray("type").add("object");
    return shape.setAll(DocumentShape.keys(HostNetworkDocument.Settings.class));
  }

  private static ObjectNode list(DocumentKey key, AnnotatedType place) {
    ObjectNode shape = JSON.objectNode();
    types(shape, "array", key.about().required() || place.isAnnotationPresent(Size.class));
    shape.put("errorMessage", Subject.value(key.name()).message("a list"));
    shape.set("items", single(ValueWords.inside(place, 0), Subject.item(key.name())));
    if (key.about().distinct()) {
      shape.put("uniqueItems", true);
    }
    Size size = place.getAnnotation(Size.class);
    if (size != null) {
      shape.put("minItems", size.min());
    }
    int most = Math.min(key.about().most(), size == null ? Integer.MAX_VALUE : size.max());
    return most == Integer.MAX_VALUE ? shape : shape.put("maxItems", most);
  }

  /** A list of one needs no brackets. */
  private static ObjectNode oneOrSeveral(DocumentKey key, AnnotatedType place) {
    AnnotatedType item = ValueWords.inside(place, 0);
    ObjectNode shape = single(item, Subject.value(key.name()));
    shape.withArray("type").add("array");
    shape.set("items", single(item, Subject.item(key.name())));
    return shape;
  }

  private static boolean isSingleToo(DocumentKey key) {
    JsonFormat format = key.component().getAccessor().getAnnotation(JsonFormat.class);
    return format != null
        && List.of(format.with()).contains(JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY);
  }

  private static ObjectNode map(DocumentKey key, AnnotatedType place) {
    ObjectNode shape = JSON.objectNode();
    types(shape, "object", key.about().required());
    shape.put("errorMessage", Subject.value(key.name()).message("a map"));
    ObjectNode names = ScalarShape.key(ValueWords.inside(place, 0), Subject.keyOf(key.name()));
    if (names.has("pattern")) {
      shape.set("propertyNames", names);
    }
    ObjectNode values = single(ValueWords.inside(place, 1), Subject.valueOf(key.name()));
    shape.set("additionalProperties", without(key, values));
    return key.about().required() ? shape.put("minProperties", 1) : shape;
  }

  /** The same values, but for the keys that they cannot have here. */
  static ObjectNode without(DocumentKey key, ObjectNode values) {
    List<String> never = List.of(key.about().never());
    if (never.isEmpty()) {
      return values;
    }
    ObjectNode shape = JSON.objectNode();
    shape.putArray("allOf").add((JsonNode) values);
    ObjectNode properties = shape.putObject("properties");
    never.forEach(it -> properties.put(it, false));
    return shape.put(
        "errorMessage",
        "\"" + key.name() + "\" has no " + String.join(" and no ", never) + " in it");
  }

  /** Nothing at all is as good as an empty list or map, unless there must be something in it. */
  private static void types(ObjectNode shape, String type, boolean isNeeded) {
    if (isNeeded) {
      shape.put("type", type);
    } else {
      shape.putArray("type").add(type).add("null");
    }
  }
}
