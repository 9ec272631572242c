package dev.topology.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Health;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.MachineBox;
import dev.topology.graph.NetworkGraph.NodeBox;
import dev.topology.model.Topology;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SvgDrawingTest {

  static Stream<Arguments> families() {
    return Stream.of(Family.values())
        .flatMap(
            family ->
                IntStream.of(1, 2, 3, 8, family.largest())
                    .mapToObj(nodes -> Arguments.of(family, nodes)));
  }

  @ParameterizedTest
  @MethodSource("families")
  void showsEveryNodeAndCableAndKeepsNodesApart(Family family, int nodes) throws Exception {
    Topology topology = family.of(nodes);

    Element svg = parsed(SvgDrawing.of(NetworkGraph.of(topology)));

    List<Rectangle2D> boxes = boxes(svg, "node");
    Rectangle2D picture = new Rectangle2D.Double(0, 0, number(svg, "width"), number(svg, "height"));
    assertThat(boxes).hasSize(nodes).allMatch(picture::contains);
    for (Rectangle2D box : boxes) {
      // It meets itself alone.
      assertThat(boxes).filteredOn(box::intersects).hasSize(1);
    }
    assertThat(elements(svg, "path")).hasSize(topology.cables().size());
  }

  static Stream<Arguments> twentyTopologies() {
    return Stream.of(Family.values())
        .flatMap(
            family ->
                IntStream.of(9, family.largest()).mapToObj(nodes -> Arguments.of(family, nodes)));
  }

  @ParameterizedTest
  @MethodSource("twentyTopologies")
  void writesNoTextOverAnotherOrUnderABox(Family family, int nodes) throws Exception {
    Element svg = parsed(SvgDrawing.of(withNotes(NetworkGraph.of(family.of(nodes)))));

    List<Rectangle2D> boxes = boxes(svg, "node");
    List<Text> texts = texts(svg);
    assertThat(texts).hasSizeGreaterThan(3 * nodes);
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      for (Text other : texts.subList(0, i)) {
        assertThat(text.place().intersects(other.place())).as("%s, %s", text, other).isFalse();
      }
      if (text.isOfNode()) {
        assertThat(boxes).as("%s", text).anyMatch(box -> box.contains(text.place()));
      } else {
        assertThat(boxes).as("%s", text).noneMatch(text.place()::intersects);
      }
    }
  }

  /** A state for each node, a note for each third cable, and each fifth cut. */
  private static NetworkGraph withNotes(NetworkGraph graph) {
    List<CableLine> cables = new ArrayList<>();
    for (CableLine cable : graph.cables()) {
      int number = cables.size();
      cables.add(
          new CableLine(
              cable.name(),
              cable.left(),
              cable.right(),
              number % 3 == 0 ? "20ms ±2ms, 1% loss" : "",
              number % 5 == 0));
    }
    return new NetworkGraph(
        graph.name(),
        graph.nodes().stream()
            .map(node -> box(node.name(), "ready", Health.WELL, "localhost:8080 → 80"))
            .toList(),
        cables);
  }

  @Test
  void isTheSameEveryTime() {
    Topology topology = Family.GRID.of(12);

    assertThat(SvgDrawing.of(NetworkGraph.of(topology)))
        .isEqualTo(SvgDrawing.of(NetworkGraph.of(topology)));
  }

  @ParameterizedTest
  @MethodSource("families")
  void drawsABoxAroundWhatIsOnEachMachine(Family family, int nodes) throws Exception {
    NetworkGraph graph = NetworkGraph.of(family.of(nodes));
    List<MachineBox> machines =
        IntStream.range(0, Math.min(3, nodes))
            .mapToObj(it -> new MachineBox("m" + it, everyThird(graph, it)))
            .toList();

    Element svg = parsed(SvgDrawing.of(graph.on(machines)));

    List<Rectangle2D> boxes = boxes(svg, "node");
    List<Rectangle2D> around = boxes(svg, "machine");
    assertThat(boxes).hasSize(nodes);
    assertThat(around).hasSize(machines.size());
    for (int machine = 0; machine < around.size(); machine++) {
      Rectangle2D box = around.get(machine);
      assertThat(around).filteredOn(box::intersects).hasSize(1);
      assertThat(boxes).filteredOn(box::contains).hasSize(machines.get(machine).nodes().size());
      assertThat(boxes).filteredOn(it -> it.intersects(box)).allMatch(box::contains);
    }
    assertThat(elements(svg, "path")).hasSize(graph.cables().size());
  }

  private static List<String> everyThird(NetworkGraph graph, int first) {
    return IntStream.range(0, graph.nodes().size())
        .filter(it -> it % 3 == first)
        .mapToObj(it -> graph.nodes().get(it).name())
        .toList();
  }

  @Test
  void showsHowARunningTopologyFares() {
    LineEnd web = new LineEnd("web", "eth1", List.of("10.64.0.0/31"));
    LineEnd db = new LineEnd("db", "eth1", List.of("10.64.0.1/31", "fd00::1/64"));
    NetworkGraph graph =
        new NetworkGraph(
            "lab",
            List.of(
                box("web", "ready", Health.WELL, "localhost:8080 → 80"),
                box("db", "failed: <exit 1>", Health.FAILED)),
            List.of(
                new CableLine("first", web, db, "", false),
                new CableLine("spare", db, web, "delay=20ms", true),
                new CableLine("loop", web, web, "", false)));

    Golden.assertMatches("graph/running.svg", SvgDrawing.of(graph));
    Golden.assertMatches("graph/running.mermaid", MermaidText.of(graph));
    Golden.assertMatches("graph/running.dot", DotText.of(graph));
    NetworkGraph divided = graph.on(List.of(new MachineBox("m\"1", List.of("web"))));
    Golden.assertMatches("graph/divided.mermaid", MermaidText.of(divided));
    Golden.assertMatches("graph/divided.dot", DotText.of(divided));
  }

  private static NodeBox box(String name, String state, Health mood, String... details) {
    return new NodeBox(name, Optional.of(new Condition(state, mood)), List.of(details));
  }

  private static Element parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)))
        .getDocumentElement();
  }

  /** Where the boxes of nodes, or of machines, are in the picture. */
  private static List<Rectangle2D> boxes(Element svg, String kind) {
    return elements(svg, "rect").stream()
        .filter(rect -> rect.getAttribute("class").startsWith(kind))
        .map(
            rect ->
                inPicture(
                    svg,
                    number(rect, "x"),
                    number(rect, "y"),
                    number(rect, "width"),
                    number(rect, "height")))
        .toList();
  }

  /** A text in the picture, as large as common fonts draw it. */
  private record Text(String kind, String words, Rectangle2D place) {

    boolean isOfNode() {
      return !List.of("interface", "address", "note").contains(kind);
    }
  }

  private static List<Text> texts(Element svg) {
    return elements((Element) svg.getElementsByTagName("g").item(0), "text").stream()
        .map(text -> text(svg, text))
        .toList();
  }

  private static Text text(Element svg, Element text) {
    String kind = text.getAttribute("class");
    String words = text.getTextContent();
    double size = kind.equals("name") ? 15 : kind.matches("detail|condition.*") ? 11 : 10.5;
    double width = words.length() * size * 0.57;
    double left =
        switch (text.getAttribute("text-anchor")) {
          case "start" -> 0;
          case "middle" -> width / 2;
          default -> width;
        };
    Rectangle2D place =
        inPicture(
            svg,
            number(text, "x") - left,
            number(text, "y") - size * 0.75,
            width,
            // Down to the end of a "g".
            size * 0.95);
    return new Text(kind, words, place);
  }

  private static Rectangle2D inPicture(
      Element svg, double x, double y, double width, double height) {
    String shift = elements(svg, "g").get(0).getAttribute("transform");
    List<String> offset = List.of(shift.replaceAll("[^0-9. -]", "").split(" ", -1));
    return new Rectangle2D.Double(
        x + Double.parseDouble(offset.get(0)),
        y + Double.parseDouble(offset.get(1)),
        width,
        height);
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static List<Element> elements(Element svg, String name) {
    NodeList found = svg.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }
}
