package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever makes one mistake in an editor is told one thing, wherever it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaMessagesTest {

  /** Maps whose keys are those of the language; the keys of others are the user's. */
  private static final Pattern DOCUMENTS =
      Pattern.compile(
          "|/defaults|/groups/[^/]*|/nodes/[^/]*|.*/(ready|host_network)|/cables/[0-9]*(/ends/[0-9]*|/star)?");

  private static final Path FILES = Path.of("src/test/resources/corpus/good");

  private final EditorSchema schema = new EditorSchema();

  /** A key somewhere in a document. */
  record Place(JsonNode root, String owner, String key) {

    /** The document, after something was done to the map that has the key. */
    JsonNode with(Consumer<ObjectNode> change) {
      JsonNode copy = root.deepCopy();
      change.accept((ObjectNode) copy.at(owner));
      return copy;
    }

    @Override
    public String toString() {
      return owner + "/" + key;
    }
  }

  static List<Place> places() throws IOException {
    List<Place> places = new ArrayList<>();
    for (String file : List.of("everything.yaml", "shaping.yaml", "ready.yaml", "patterns.yaml")) {
      if (Files.exists(FILES.resolve(file))) {
        JsonNode root = EditorYaml.read(Files.readString(FILES.resolve(file))).json();
        collect(root, root, "", places);
      }
    }
    return places;
  }

  private static void collect(JsonNode root, JsonNode node, String at, List<Place> places) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> it : object.properties()) {
        if (DOCUMENTS.matcher(at).matches()) {
          places.add(new Place(root, at, it.getKey()));
        }
        collect(root, it.getValue(), at + "/" + EditorYaml.escape(it.getKey()), places);
      }
    } else if (node instanceof ArrayNode array) {
      for (int index = 0; index < array.size(); index++) {
        collect(root, array.get(index), at + "/" + index, places);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aMisspeltKeyIsOneMessageThatNamesIt(Place place) {
    String misspelt = place.key() + "x";
    JsonNode document = place.with(it -> it.set(misspelt, it.remove(place.key())));

    assertThat(schema.judge(document)).singleElement().asString().contains(misspelt);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void aValueOfAnotherTypeIsOneMessage(Place place) {
    JsonNode value = place.root().at(place.owner()).get(place.key());
    JsonNodeFactory json = JsonNodeFactory.instance;
    boolean mayBeMap = value.isObject() || place.key().equals("host_network");
    JsonNode wrong = mayBeMap ? json.numberNode(1) : json.objectNode();
    JsonNode document = place.with(it -> it.set(place.key(), wrong));

    assertThat(schema.judge(document)).as("%s: %s", place.key(), wrong).hasSize(1);
  }

  static Stream<String> values() {
    return Stream.of(
        "nodes: {a: {accel: no}}",
        "nodes: {a: {cpus: two}}",
        "nodes: {a: {cpus: 0}}",
        "nodes: {a: {forward: maybe}}",
        "nodes: {a: {memory: 256}}",
        "nodes: {a: {memory: 256 MB}}",
        "nodes: {a: {ports: {http: auto}}}",
        "nodes: {a: {ports: {22: 70000}}}",
        "nodes: {a: {ports: {22: free}}}",
        "nodes: {a: {channels: [topology.x]}}",
        "nodes: {a: {channels: [x, x]}}",
        "nodes: {a: {ready: {port: 22, console: x}}}",
        "nodes: {a: {ready: {port: 22, channel: x}}}",
        "nodes: {a: {command: ''}}",
        "nodes: {a: text}",
        "nodes: {A: {}}",
        "nodes: {}",
        "name: x",
        "groups: {g: {group: h}}\nnodes: {a: {}}",
        "nodes: {a: {}}\ncables: [a]",
        "nodes: {a: {}}\ncables: [[a]]",
        "nodes: {a: {}}\ncables: [[a, a, a]]",
        "nodes: {a: {}}\ncables: [[a, 'a:eth 1']]",
        "nodes: {a: {}}\ncables: [[a, [a]]]",
        "nodes: {a: {}}\ncables: [{name: x}]",
        "nodes: {a: {}}\ncables: [{ends: [a, {interface: eth1}]}]",
        "nodes: {a: {}}\ncables: [{ends: [a, {node: a, address: 10.0.0.1}]}]",
        "nodes: {a: {}}\ncables: [{ends: [a, {node: a, address: [10.0.0.1]}]}]",
        "nodes: {a: {}}\ncables: [{ends: [a, {node: a, mac: 03:00:00:00:00:01}]}]");
  }

  @ParameterizedTest
  @MethodSource("values")
  void anImpossibleValueIsOneMessage(String file) {
    assertThat(schema.judge(EditorYaml.read(file).json())).hasSize(1);
  }
}
