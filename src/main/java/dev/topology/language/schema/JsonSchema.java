package dev.topology.language.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.Key;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.document.TopologyDocument;
import dev.topology.language.schema.ValueShape.ScalarShape;
import dev.topology.language.value.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema of topology files, by which editors help to write them.
 *
 * <p>Draft 7, which all of them read. It says what a schema can about one value at a time; what
 * values say about each other, and what they lead to on the host, {@code topology validate} finds.
 */
public final class JsonSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private JsonSchema() {}

  /** The whole schema as indented JSON, with a line end at its end. The same every time. */
  public static String text() {
    return tree().toPrettyString() + "\n";
  }

  private static ObjectNode tree() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Topology");
    schema.put("description", "A network of microVMs, as the program topology reads it.");
    schema.put("type", "object");
    schema.setAll(DocumentShape.keys(TopologyDocument.class));
    ObjectNode definitions = schema.putObject("definitions");
    definitions.set("node", DocumentShape.of(NodeDocument.class));
    definitions.set("switch", switchShape());
    definitions.set("cable", cable());
    definitions.set("end", end());
    return schema;
  }

  // Cables and their ends have short forms: [left, "right:eth2"]. The type of what was written
  // decides
  // which form is meant, so that a mistake is reported once and not for each form.

  private static ObjectNode cable() {
    ObjectNode shape = JSON.objectNode();
    shape.putArray("type").add("array").add("object");
    shape.put("errorMessage", "a cable is two ends, such as [left, right], or a map");
    shape.putObject("if").put("type", "array");
    ObjectNode ends = shape.putObject("then").put("minItems", 2).put("maxItems", 2);
    ends.set("items", ValueShape.reference(EndDocument.class));
    shape.set("else", DocumentShape.keys(CableDocument.class));
    return shape;
  }

  private static ObjectNode switchShape() {
    ObjectNode shape = JSON.objectNode();
    shape.putArray("type").add("array").add("object").add("null");
    shape.put("errorMessage", "a switch is a list of ends, such as [a, b, c], or a map");
    shape.putObject("if").put("type", "array");
    shape.putObject("then").set("items", ValueShape.reference(EndDocument.class));
    shape.set("else", DocumentShape.keys(SwitchDocument.class));
    return shape;
  }

  private static ObjectNode end() {
    ObjectNode shape =
        ScalarShape.text(
            Optional.of("[^:]+(:" + ValueType.INTERFACE_NAME.pattern().orElseThrow() + ")?"),
            "the end of a cable is a node, an interface of one such as left:eth1, or a map");
    shape.withArray("type").add("object");
    shape.putObject("if").put("type", "object");
    shape.set("then", DocumentShape.keys(EndDocument.class));
    return shape;
  }

  /** Schemas of the maps that have the keys of a document record, and no others. */
  static final class DocumentShape {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DocumentShape() {}

    /** A map with the keys of a document; nothing at all is one without any. */
    static ObjectNode of(Class<? extends Record> document) {
      ObjectNode shape = JSON.objectNode();
      shape.putArray("type").add("object").add("null");
      return shape.setAll(keys(document));
    }

    /** What there is to say about the keys of a map, if it is one. */
    static ObjectNode keys(Class<? extends Record> document) {
      List<DocumentKey> keys = DocumentType.of(document).keys();
      ObjectNode shape = JSON.objectNode();
      ObjectNode properties = shape.putObject("properties");
      keys.forEach(it -> properties.set(it.name(), value(it)));
      shape.putObject("patternProperties").putObject(ScalarShape.VARIABLE);
      shape.put("additionalProperties", false);
      Key.Alternatives alternatives = document.getAnnotation(Key.Alternatives.class);
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
        ObjectNode shape, List<DocumentKey> keys, Key.@Nullable Alternatives alternatives) {
      List<String> missing = new ArrayList<>();
      List<String> meanwhile = new ArrayList<>(keys.stream().map(DocumentKey::name).toList());
      keys.stream()
          .filter(it -> it.about().required())
          .map(DocumentKey::name)
          .forEach(missing::add);
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

    /** One of them excludes those after it, so that each pair is reported once. */
    private static void choose(ObjectNode shape, Key.Alternatives alternatives) {
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

    /** What a key takes, with what editors show and offer beside it. */
    private static ObjectNode value(DocumentKey key) {
      ObjectNode shape = JSON.objectNode();
      shape.put("description", key.about().value());
      shape.put("markdownDescription", key.about().value() + "\n\n" + ifMissing(key));
      shape.setAll(apart(key, ValueShape.of(key)));
      if (!key.about().byDefault().isEmpty()) {
        shape.set("default", toJson(key.about().byDefault()));
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
        examples.add(toJson(key.about().example()));
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
      ObjectNode wrapped = JSON.objectNode();
      wrapped.putArray("allOf").add((JsonNode) shape);
      return wrapped;
    }

    private static String ifMissing(DocumentKey key) {
      return key.about().required() ? "Required." : "Default: " + Reference.byDefault(key) + ".";
    }

    /** An example or a default, which is written as users write it. */
    private static JsonNode toJson(String yaml) {
      ObjectMapper reader = new YAMLMapper();
      try {
        return reader.readTree(yaml);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("not YAML: " + yaml, e);
      }
    }
  }
}
