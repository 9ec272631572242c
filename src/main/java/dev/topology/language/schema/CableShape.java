package dev.topology.language.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.EndDocument;
import dev.topology.language.document.Syntax;
import java.util.Optional;

/**
 * Schemas of cables and their ends, which have short forms: {@code [left, "right:eth2"]}. The type
 * of what was written decides which form is meant, so that a mistake is told once and not for each
 * form.
 */
final class CableShape {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CableShape() {}

  static ObjectNode cable() {
    ObjectNode shape = JSON.objectNode();
    shape.putArray("type").add("array").add("object");
    shape.put("errorMessage", "a cable is two ends, such as [left, right], or a map");
    shape.putObject("if").put("type", "array");
    ObjectNode ends = shape.putObject("then").put("minItems", 2).put("maxItems", 2);
    ends.set("items", ValueShape.reference(EndDocument.class));
    shape.set("else", DocumentShape.keys(CableDocument.class));
    return shape;
  }

  static ObjectNode end() {
    ObjectNode shape =
        ScalarShape.text(
            Optional.of("[^:]+(:" + Syntax.INTERFACE_NAME.pattern().orElseThrow() + ")?"),
            "the end of a cable is a node, an interface of one such as left:eth1, or a map");
    shape.withArray("type").add("object");
    shape.putObject("if").put("type", "object");
    shape.set("then", DocumentShape.keys(EndDocument.class));
    return shape;
  }
}
