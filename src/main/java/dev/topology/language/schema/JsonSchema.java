package dev.topology.language.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.TopologyDocument;

/**
 * The JSON Schema of topology files, by which editors help to write them.
 *
 * <p>Draft 7, which all of them read. It says what a schema can about one value at a time; what
 * values say about each other, and what they lead to on the host, {@code topology validate} finds.
 */
public final class JsonSchema {

  private JsonSchema() {}

  /** The whole schema as indented JSON, with a line end at its end. The same every time. */
  public static String text() {
    return tree().toPrettyString() + "\n";
  }

  private static ObjectNode tree() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Topology");
    schema.put("description", "A network of microVMs, as the program topology reads it.");
    schema.put("type", "object");
    schema.setAll(DocumentShape.keys(TopologyDocument.class));
    ObjectNode definitions = schema.putObject("definitions");
    definitions.set("node", DocumentShape.of(NodeDocument.class));
    definitions.set("cable", CableShape.cable());
    definitions.set("end", CableShape.end());
    return schema;
  }
}
