package dev.topology.language.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.TopologyDocument;
import dev.topology.language.value.ValueType;
import java.util.Optional;

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
    definitions.set("cable", cable());
    definitions.set("end", end());
    return schema;
  }

  // Cables and their ends have short forms: [left, "right:eth2"]. The type of what was written
  // decides
  // which form is meant, so that a mistake is told once and not for each form.

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
}
