package dev.topology.language.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Reads the examples and defaults of keys, which are written as users write them. */
final class YamlText {

  private YamlText() {}

  static JsonNode toJson(String yaml) {
    ObjectMapper reader = new YAMLMapper();
    try {
      return reader.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not YAML: " + yaml, e);
    }
  }
}
