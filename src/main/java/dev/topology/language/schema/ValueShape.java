package dev.topology.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.schema.JsonSchema.DocumentShape;
import dev.topology.language.value.ValueType;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Schemas of the values of keys, by the types of the records' components. */
final class ValueShape {

  /** Documents that stand in several places, by the names of their definitions. */
  static final Map<Class<?>, String> DEFINITIONS =
      Map.of(
          NodeDocument.class, "node",
          EndDocument.class, "end",
          SwitchDocument.class, "switch",
          CableDocument.class, "cable");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ValueShape() {}

  /** What a key takes. */
  static ObjectNode of(DocumentKey key) {
    Class<?> type = key.component().getType();
    if (List.class.isAssignableFrom(type)) {
      return key.about().single() ? oneOrSeveral(key) : list(key);
    }
    return Map.class.isAssignableFrom(type) ? map(key) : single(type, key, takes(key));
  }

  /** How a message about a value starts, so that it says in one line what would be right there. */
  private static String takes(DocumentKey key) {
    return "\"" + key.name() + "\" takes";
  }

  private static String partOf(DocumentKey key, String part) {
    return part + " of \"" + key.name() + "\" is";
  }

  /** A value of a key, or one inside of it. */
  private static ObjectNode single(Class<?> type, DocumentKey key, String subject) {
    if (type == Integer.class) {
      return ScalarShape.integer(key, subject);
    }
    if (type == Boolean.class) {
      return ScalarShape.truth(subject, ValueWords.of(type, key));
    }
    if (type.isEnum()) {
      return ScalarShape.word(type, subject);
    }
    if (type == CommandDocument.class) {
      return command(key, subject);
    }
    if (type == List.class) {
      return listOfTexts(key, subject);
    }
    if (type == HostNetworkDocument.class) {
      return hostNetwork(subject);
    }
    if (type == SharedDirectoryDocument.class) {
      return sharedDirectory(key, subject);
    }
    if (type == DiskDocument.class) {
      return disk(subject);
    }
    if (!ValueWords.isDocument(type, key)) {
      return ScalarShape.text(key.about().type(), subject);
    }
    return DEFINITIONS.containsKey(type)
        ? reference(type)
        : DocumentShape.of(type.asSubclass(Record.class));
  }

  /** A schema that stands for another has no other words in it: editors would not see them. */
  static ObjectNode reference(Class<?> document) {
    return JSON.objectNode().put("$ref", "#/definitions/" + DEFINITIONS.get(document));
  }

  /** Not blank, for there would be nothing to run. */
  private static ObjectNode command(DocumentKey key, String subject) {
    ObjectNode shape =
        ScalarShape.text(
            Optional.of("[\\s\\S]*\\S[\\s\\S]*"), subject + " a text or a list of texts");
    shape.withArray("type").add("array");
    shape.set("items", ScalarShape.text(ValueType.TEXT, partOf(key, "an item")));
    return shape.put("minItems", 1);
  }

  private static ObjectNode hostNetwork(String subject) {
    ObjectNode shape = ScalarShape.truth(subject, "true, false or a map");
    shape.withArray("type").add("object");
    return shape.setAll(DocumentShape.keys(HostNetworkDocument.Settings.class));
  }

  private static ObjectNode sharedDirectory(DocumentKey key, String subject) {
    ObjectNode shape =
        ScalarShape.text(
            key.about().type().pattern(),
            subject + " " + ValueWords.of(SharedDirectoryDocument.class, key));
    shape.withArray("type").add("object");
    return shape.setAll(DocumentShape.keys(SharedDirectoryDocument.class));
  }

  private static ObjectNode disk(String subject) {
    ObjectNode shape =
        ScalarShape.text(ValueType.HOST_PATH.pattern(), subject + " a path or a map");
    shape.withArray("type").add("object");
    return shape.setAll(DocumentShape.keys(DiskDocument.class));
  }

  private static ObjectNode list(DocumentKey key) {
    ObjectNode shape = JSON.objectNode();
    Optional<Size> size = ValueWords.annotation(key, Size.class);
    types(shape, "array", key.about().required() || size.isPresent());
    shape.put("errorMessage", takes(key) + " a list");
    shape.set("items", single(ValueWords.inside(key), key, partOf(key, "an item")));
    if (key.about().distinct()) {
      shape.put("uniqueItems", true);
    }
    size.ifPresent(it -> shape.put("minItems", it.min()));
    int most = Math.min(key.about().most(), size.map(Size::max).orElse(Integer.MAX_VALUE));
    return most == Integer.MAX_VALUE ? shape : shape.put("maxItems", most);
  }

  /** A list in a list. */
  private static ObjectNode listOfTexts(DocumentKey key, String subject) {
    ObjectNode shape = JSON.objectNode().put("type", "array");
    shape.put("errorMessage", subject + " a list");
    shape.set("items", ScalarShape.text(key.about().type(), partOf(key, "an item")));
    return shape;
  }

  /** A list of one needs no brackets. */
  private static ObjectNode oneOrSeveral(DocumentKey key) {
    ObjectNode shape = single(ValueWords.inside(key), key, takes(key));
    shape.withArray("type").add("array");
    shape.set("items", single(ValueWords.inside(key), key, partOf(key, "an item")));
    return shape;
  }

  private static ObjectNode map(DocumentKey key) {
    ObjectNode shape = JSON.objectNode();
    types(shape, "object", key.about().required());
    shape.put("errorMessage", takes(key) + " a map");
    ObjectNode names = ScalarShape.key(key.about().keys(), partOf(key, "a key"));
    if (names.has("pattern")) {
      shape.set("propertyNames", names);
    }
    ObjectNode values = single(ValueWords.inside(key), key, partOf(key, "a value"));
    shape.set("additionalProperties", without(key, values));
    return key.about().required() ? shape.put("minProperties", 1) : shape;
  }

  /** The same values, without the keys that they cannot have here. */
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

  /** An empty value stands for an empty list or map, unless that must have an item. */
  private static void types(ObjectNode shape, String type, boolean isNeeded) {
    if (isNeeded) {
      shape.put("type", type);
    } else {
      shape.putArray("type").add(type).add("null");
    }
  }

  /**
   * Schemas of values that are neither lists nor maps.
   *
   * <p>Each lets a text through that has a variable in it: what {@code ${CPUS}} stands for, only
   * the loader knows. {@code errorMessage} is what editors show in place of a pattern; validators
   * pass over it.
   */
  static final class ScalarShape {

    /** A text that holds a variable, anywhere. */
    static final String VARIABLE = "\\$\\{";

    /** A merge key, whose map editors merge and yet look at as a key. */
    private static final String MERGE = "^<<$";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ScalarShape() {}

    /** A text of a type of value. A number or truth value is a text as well. */
    static ObjectNode text(ValueType type, String subject) {
      return text(type.pattern(), subject + " " + type.words());
    }

    /** A text that matches, if there is anything to match. */
    static ObjectNode text(Optional<String> pattern, String message) {
      ObjectNode shape = JSON.objectNode();
      ArrayNode types = shape.putArray("type").add("string");
      if (matches(pattern, "1.5")) {
        types.add("number");
      } else if (matches(pattern, "7")) {
        types.add("integer");
        range(shape, pattern);
      }
      if (matches(pattern, "true")) {
        types.add("boolean");
      }
      pattern.ifPresent(it -> shape.put("pattern", "^(?:" + it + ")$|" + VARIABLE));
      return shape.put("errorMessage", message);
    }

    /** The same for a key, which is always a text. */
    static ObjectNode key(ValueType type, String subject) {
      ObjectNode shape = JSON.objectNode();
      type.pattern()
          .ifPresent(it -> shape.put("pattern", "^(?:" + it + ")$|" + VARIABLE + "|" + MERGE));
      return shape.put("errorMessage", subject + " " + type.words());
    }

    /** Numbers that match the pattern: those of ports are in their range. */
    private static void range(ObjectNode shape, Optional<String> pattern) {
      if (!matches(pattern, "-1")) {
        shape.put("minimum", matches(pattern, "0") ? 0 : 1);
      }
      if (matches(pattern, "65535") && !matches(pattern, "65536")) {
        shape.put("maximum", 65535);
      }
    }

    static ObjectNode integer(DocumentKey key, String subject) {
      ObjectNode shape = JSON.objectNode();
      shape.putArray("type").add("integer").add("string");
      Optional<Long> least = ValueWords.least(key);
      Optional<Long> most = ValueWords.most(key);
      least.ifPresent(it -> shape.put("minimum", it));
      shape.put("maximum", most.orElse((long) Integer.MAX_VALUE));
      shape.put("pattern", VARIABLE);
      return shape.put("errorMessage", subject + " " + ValueWords.integer(least, most));
    }

    static ObjectNode truth(String subject, String words) {
      ObjectNode shape = JSON.objectNode();
      shape.putArray("type").add("boolean").add("string");
      shape.put("pattern", VARIABLE);
      return shape.put("errorMessage", subject + " " + words);
    }

    /** One of the words of an enumeration, which editors then offer. */
    static ObjectNode word(Class<?> enumeration, String subject) {
      List<String> words = ValueWords.words(enumeration);
      ObjectNode shape = JSON.objectNode();
      shape.set("if", JSON.objectNode().put("type", "string").put("pattern", VARIABLE));
      ObjectNode choice = shape.putObject("else");
      words.forEach(choice.putArray("enum")::add);
      choice.put("errorMessage", subject + " " + ValueWords.oneOf(words));
      return shape;
    }

    private static boolean matches(Optional<String> pattern, String text) {
      return pattern.isEmpty() || Pattern.matches(pattern.get(), text);
    }
  }
}
