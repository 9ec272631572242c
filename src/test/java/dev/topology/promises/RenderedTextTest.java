package dev.topology.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.topology.graph.DotText;
import dev.topology.graph.MermaidText;
import dev.topology.graph.NetworkGraph;
import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Health;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.NodeBox;
import dev.topology.graph.SvgDrawing;
import dev.topology.testing.TestHost;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/** What is rendered for other programs gives them the texts back as they were. */
class RenderedTextTest {

  private static final int NODES = 50;

  /** A character that XML cannot hold; its section 2.2. */
  private static final Pattern NOT_IN_XML =
      Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

  @TempDir Path directory;

  /** Every text as a node's name, its detail and condition, and at both ends of a cable. */
  static Stream<NetworkGraph> graphs() {
    List<String> texts = HostileTexts.ALL;
    return IntStream.range(0, (texts.size() + NODES - 1) / NODES)
        .mapToObj(at -> texts.subList(at * NODES, Math.min((at + 1) * NODES, texts.size())))
        .map(RenderedTextTest::graph);
  }

  private static NetworkGraph graph(List<String> texts) {
    List<NodeBox> nodes = new ArrayList<>();
    List<CableLine> links = new ArrayList<>();
    for (int at = 0; at < texts.size(); at++) {
      String text = texts.get(at);
      nodes.add(
          new NodeBox(
              name(at, text), Optional.of(new Condition(text, Health.WELL)), List.of(text)));
      if (at > 0) {
        LineEnd left = new LineEnd(nodes.get(at - 1).name(), text, List.of(text));
        LineEnd right = new LineEnd(nodes.get(at).name(), text, List.of(text));
        links.add(new CableLine("cable " + at, left, right, text, at % 2 == 0));
      }
    }
    return new NetworkGraph(texts.get(0), nodes, links);
  }

  /** Names are never the same. */
  private static String name(int at, String text) {
    return at + text;
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void anXmlParserReadsTheTextsOfAnSvg(NetworkGraph graph) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    NodeList elements =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(SvgDrawing.of(graph).getBytes(UTF_8)))
            .getElementsByTagNameNS("http://www.w3.org/2000/svg", "*");
    List<String> read = new ArrayList<>();
    for (int at = 0; at < elements.getLength(); at++) {
      assertThat(elements.item(at).getLocalName())
          .isIn("svg", "title", "style", "rect", "text", "g", "path");
      read.add(elements.item(at).getTextContent());
    }

    for (NodeBox node : graph.nodes()) {
      assertThat(read).contains(inXml(node.name()), inXml(node.details().get(0)));
    }
    for (CableLine link : graph.cables()) {
      assertThat(read).contains(inXml(link.left().interfaceName()));
    }
    assertThat(read).contains(inXml(graph.name()));
  }

  private static String inXml(String text) {
    return NOT_IN_XML.matcher(text).replaceAll("\uFFFD");
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aReaderOfDotReadsIdsAndLabels(NetworkGraph graph) {
    Dot dot = new Dot(DotText.of(graph));

    assertThat(dot.name).isEqualTo(inDot(graph.name()));
    assertThat(dot.labels)
        .isEqualTo(
            graph.nodes().stream()
                .map(
                    node ->
                        node.name() + "\n" + node.details().get(0) + "\n" + node.details().get(0))
                .toList());
    assertThat(dot.ids).isEqualTo(graph.nodes().stream().map(it -> inDot(it.name())).toList());
    assertThat(dot.links)
        .isEqualTo(
            graph.cables().stream()
                .map(
                    link ->
                        List.of(
                            inDot(link.left().node()),
                            inDot(link.right().node()),
                            link.note() + "\n" + link.note(),
                            link.note() + "\n" + link.note(),
                            link.note()))
                .toList());
  }

  /** An id is no label: a backslash and the letter after it stay as they are. */
  private static String inDot(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n");
  }

  /**
   * Graphviz's language as far as our graphs go; see https://graphviz.org/doc/info/lang.html. In an
   * id and a label, {@code \"} is a quotation mark; in a label, {@code \n} and {@code \\} are
   * escapes too, and names of characters are HTML's.
   */
  private static final class Dot {

    private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern HEAD = Pattern.compile("graph " + TEXT + " \\{\n", Pattern.DOTALL);
    private static final Pattern SETTING =
        Pattern.compile("  (?:\\w+=\\w+; )*\\w+=\\w+;\n|  (?:node|edge) \\[[^\\]]*\\];\n");
    private static final Pattern NODE =
        Pattern.compile("  " + TEXT + " \\[label=" + TEXT + "\\];\n", Pattern.DOTALL);
    private static final Pattern LINK =
        Pattern.compile(
            "  "
                + TEXT
                + " -- "
                + TEXT
                + " \\[taillabel="
                + TEXT
                + ", headlabel="
                + TEXT
                + "(?:, label="
                + TEXT
                + ")?(?:, style=dashed)?\\];\n",
            Pattern.DOTALL);

    private final String name;
    private final List<String> ids = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<List<String>> links = new ArrayList<>();

    Dot(String text) {
      Matcher at = HEAD.matcher(text);
      assertThat(at.lookingAt()).isTrue();
      name = id(at.group(1));
      int end = at.end();
      while (!text.startsWith("}\n", end)) {
        end = statement(at.region(end, text.length()));
      }
      assertThat(end + 2).isEqualTo(text.length());
    }

    private int statement(Matcher at) {
      if (at.usePattern(SETTING).lookingAt()) {
        return at.end();
      }
      if (at.usePattern(NODE).lookingAt()) {
        ids.add(id(at.group(1)));
        labels.add(label(at.group(2)));
        return at.end();
      }
      assertThat(at.usePattern(LINK).lookingAt()).as(() -> "a statement: " + at).isTrue();
      links.add(
          List.of(
              id(at.group(1)),
              id(at.group(2)),
              label(at.group(3)),
              label(at.group(4)),
              at.group(5) == null ? "" : label(at.group(5))));
      return at.end();
    }

    /** The only escape in an id; all else is taken as it stands. */
    private static String id(String quoted) {
      return quoted.replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\\"", "$1\"");
    }

    private static String label(String quoted) {
      StringBuilder text = new StringBuilder();
      for (int at = 0; at < quoted.length(); at++) {
        char c = quoted.charAt(at);
        if (c == '\\') {
          char escaped = quoted.charAt(++at);
          assertThat(escaped).isIn('n', '\\', '"');
          text.append(escaped == 'n' ? '\n' : escaped);
        } else {
          text.append(c);
        }
      }
      return entities(text.toString(), Pattern.compile("&(\\w+|#\\w+);"));
    }
  }

  private static final Map<String, String> ENTITIES =
      Map.of("amp", "&", "quot", "\"", "lt", "<", "gt", ">");

  private static String entities(String text, Pattern entity) {
    return entity
        .matcher(text)
        .replaceAll(
            it ->
                Matcher.quoteReplacement(
                    it.group(1).matches("\\d+")
                        ? Character.toString(Integer.parseInt(it.group(1)))
                        : ENTITIES.get(it.group(1))));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aReaderOfMermaidReadsLabels(NetworkGraph graph) throws Exception {
    String text = MermaidText.of(graph);
    // A directive is read wherever it stands, in quotation marks too.
    assertThat(text).doesNotContain("%%");
    List<String> lines = List.of(text.split("\n", -1));
    assertThat(lines.get(0)).isEqualTo("---");
    assertThat(lines.get(2)).isEqualTo("---");
    assertThat(lines.get(3)).isEqualTo("graph LR");
    String title = lines.get(1).replaceFirst("^title: ", "");
    assertThat(title.startsWith("\"") ? new ObjectMapper().readValue(title, String.class) : title)
        .isEqualTo(graph.name());

    Map<String, String> labels = new HashMap<>();
    List<List<String>> links = new ArrayList<>();
    Matcher node = Pattern.compile("  (n\\d+)\\[\"([^\"]*)\"\\]").matcher("");
    Matcher link = Pattern.compile("  (n\\d+) (?:---|-\\.-)\\|\"([^\"]*)\"\\| (n\\d+)").matcher("");
    for (String line : lines.subList(4, lines.size() - 1)) {
      if (node.reset(line).matches()) {
        labels.put(node.group(1), mermaid(node.group(2)));
      } else {
        assertThat(link.reset(line).matches()).as(line).isTrue();
        links.add(List.of(link.group(1), mermaid(link.group(2)), link.group(3)));
      }
    }
    for (int at = 0; at < graph.nodes().size(); at++) {
      NodeBox its = graph.nodes().get(at);
      String detail = its.details().get(0);
      assertThat(labels).containsEntry("n" + at, its.name() + "\n" + detail + "\n" + detail);
    }
    assertThat(links).hasSameSizeAs(graph.cables());
    for (int at = 0; at < links.size(); at++) {
      assertThat(links.get(at).get(0)).isEqualTo("n" + at);
      assertThat(links.get(at).get(1)).contains(graph.cables().get(at).note().strip());
      assertThat(links.get(at).get(2)).isEqualTo("n" + (at + 1));
    }
  }

  /** A label is HTML, in which "#" may begin the name of a character, too. */
  private static String mermaid(String label) {
    assertThat(label).doesNotContain("`");
    String lines = label.replace("<br>", "\n");
    assertThat(lines).doesNotContain("<").doesNotContain(">");
    return entities(lines, Pattern.compile("[&#](\\w+);"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "no", "1e3", "0x1f", "1-2"})
  void aTitleOfMermaidIsAText(String name) {
    assertThat(MermaidText.of(new NetworkGraph(name, List.of(), List.of())))
        .startsWith("---\ntitle: \"" + name + "\"\n---\n");
  }

  /** From a file to the program's output, by way of YAML and JSON. */
  @Test
  void aPlanInJsonHasTheArgumentsOfTheFile() throws Exception {
    TestHost.facts();
    String yaml =
        "name: json\nnodes:\n  a:\n    qemu_args: %s\n".formatted(inYaml(HostileTexts.ALL));
    Path file = Files.writeString(directory.resolve("hostile.yaml"), yaml);
    ProgramRuns programs = new ProgramRuns(directory);

    Process plan = programs.topology("plan", file.toString(), "--format", "json");

    assertThat(ProgramRuns.ends(plan, 120)).isTrue();
    assertThat(plan.exitValue()).as(programs.output()).isZero();
    JsonNode arguments = json(programs.output()).at("/nodes/0/arguments");
    List<String> read = new ArrayList<>();
    arguments.forEach(argument -> read.add(argument.asText()));
    assertThat(read).endsWith(HostileTexts.ALL.toArray(String[]::new));
  }

  /** What is wrong with a file is told with the words of the file. */
  @ParameterizedTest
  @ValueSource(strings = {"json", "sarif"})
  void diagnosticsInJsonAreJson(String format) throws Exception {
    StringBuilder yaml = new StringBuilder("name: json\nnodes:\n");
    for (int at = 0; at < HostileTexts.ALL.size(); at++) {
      String text = inYaml(at + HostileTexts.ALL.get(at));
      yaml.append("  %s: {memory: %s}\n".formatted(text, text));
    }
    Path file = Files.writeString(directory.resolve("hostile.yaml"), yaml);
    ProgramRuns programs = new ProgramRuns(directory);

    Process validate = programs.topology("validate", file.toString(), "--format", format);

    assertThat(ProgramRuns.ends(validate, 120)).isTrue();
    assertThat(validate.exitValue()).as(programs.output()).isEqualTo(2);
    JsonNode read = json(programs.output());
    JsonNode all = read.at(format.equals("json") ? "/files/0/diagnostics" : "/runs/0/results");
    assertThat(all.size()).isGreaterThanOrEqualTo(HostileTexts.ALL.size());
  }

  /** JSON is YAML, but for the characters that a file may not hold; $$ is a dollar sign. */
  private static String inYaml(Object value) throws Exception {
    return JsonMapper.builder()
        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
        .build()
        .writeValueAsString(value)
        .replace("\u007f", "\\u007f")
        .replace("$", "$$");
  }

  private static JsonNode json(String text) throws Exception {
    return JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .build()
        .readTree(text);
  }
}
