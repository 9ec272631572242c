package dev.topology.language.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A file as editors see it that hold it to a JSON Schema: in YAML 1.2's core schema, with merge
 * keys merged, variables as they are written.
 */
final class EditorYaml {

  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Set<Integer>> lines = new HashMap<>();
  private final JsonNode json;

  private EditorYaml(Node root) {
    json = convert(root, "", Set.of(root.getStartMark().getLine() + 1));
  }

  static EditorYaml read(String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setMaxAliasesForCollections(Integer.MAX_VALUE);
    return new EditorYaml(new Yaml(limits).compose(new StringReader(text)));
  }

  JsonNode json() {
    return json;
  }

  /** The lines of the key and of the start of the value at a JSON pointer. */
  Set<Integer> lines(String pointer) {
    return lines.getOrDefault(pointer, Set.of());
  }

  private JsonNode convert(Node node, String pointer, Set<Integer> places) {
    Set<Integer> all = new HashSet<>(places);
    all.add(node.getStartMark().getLine() + 1);
    lines.put(pointer, all);
    if (node instanceof MappingNode mapping) {
      ObjectNode object = JSON.objectNode();
      entries(mapping, object, pointer);
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = JSON.arrayNode();
      for (Node item : sequence.getValue()) {
        array.add(convert(item, pointer + "/" + array.size(), Set.of()));
      }
      return array;
    }
    return scalar((ScalarNode) node);
  }

  private void entries(MappingNode mapping, ObjectNode object, String pointer) {
    for (NodeTuple entry : mapping.getValue()) {
      ScalarNode key = (ScalarNode) entry.getKeyNode();
      if (!isMerge(key)) {
        Set<Integer> place = Set.of(key.getStartMark().getLine() + 1);
        object.set(
            key.getValue(),
            convert(entry.getValueNode(), pointer + "/" + escape(key.getValue()), place));
      }
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (isMerge((ScalarNode) entry.getKeyNode())) {
        Node value = entry.getValueNode();
        List<Node> merged = value instanceof SequenceNode list ? list.getValue() : List.of(value);
        for (Node it : merged) {
          ObjectNode below = JSON.objectNode();
          entries((MappingNode) it, below, pointer);
          below.properties().forEach(key -> object.putIfAbsent(key.getKey(), key.getValue()));
        }
      }
    }
  }

  /** RFC 6901, section 3. */
  static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static boolean isMerge(ScalarNode key) {
    return key.getScalarStyle() == ScalarStyle.PLAIN && key.getValue().equals("<<");
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    boolean isTagged = scalar.getTag().equals(Tag.STR) && INTEGER.matcher(text).matches();
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN || isTagged) {
      return JSON.textNode(text);
    }
    if (NULL.matcher(text).matches()) {
      return NullNode.getInstance();
    }
    if (TRUTH.matcher(text).matches()) {
      return JSON.booleanNode(text.equalsIgnoreCase("true"));
    }
    if (INTEGER.matcher(text).matches()) {
      return JSON.numberNode(new BigInteger(text));
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return JSON.numberNode(new BigInteger(text.substring(2), 16));
    }
    return FLOAT.matcher(text).matches()
        ? JSON.numberNode(new BigDecimal(text))
        : JSON.textNode(text);
  }
}
