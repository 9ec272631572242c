package dev.topology.language.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The schema we publish, in the hands of a validator. */
final class EditorSchema {

  private final JsonSchema schema =
      JsonSchemaFactory.getInstance(VersionFlag.V7)
          .getSchema(
              dev.topology.language.schema.JsonSchema.text(),
              SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());

  /**
   * An objection to a file.
   *
   * @param lines the key's, or the value's first
   */
  record Objection(Set<Integer> lines, String message) {}

  List<Objection> judge(EditorYaml file) {
    return schema.validate(file.json()).stream()
        .map(it -> new Objection(lines(file, it), it.getMessage()))
        .toList();
  }

  /** What is wrong with a document, each mistake on a line of its own. */
  List<String> judge(JsonNode document) {
    return schema.validate(document).stream().map(ValidationMessage::getMessage).toList();
  }

  private static Set<Integer> lines(EditorYaml file, ValidationMessage it) {
    String place = it.getInstanceLocation().toString();
    Set<Integer> lines = new HashSet<>(file.lines(place));
    if (it.getProperty() != null) {
      lines.addAll(file.lines(place + "/" + EditorYaml.escape(it.getProperty())));
    }
    if (it.getType().equals("false")) {
      // Of two keys that exclude each other the loader blames the one written last.
      String owner = place.substring(0, place.lastIndexOf('/'));
      for (String key : (Iterable<String>) file.json().at(owner)::fieldNames) {
        lines.addAll(file.lines(owner + "/" + EditorYaml.escape(key)));
      }
    }
    return lines;
  }
}
