package dev.topology.language.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.value.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Schemas of values that are neither lists nor maps.
 *
 * <p>Each lets a text through that has a variable in it: what {@code ${CPUS}} stands for, only the
 * loader knows. {@code errorMessage} is what editors show in place of a pattern; validators pass
 * over it.
 */
final class ScalarShape {

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
