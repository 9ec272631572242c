package dev.topology.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Mood;
import dev.topology.graph.NetworkGraph.Plug;
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

    List<Rectangle2D> boxes = boxes(svg);
    Rectangle2D picture = new Rectangle2D.Double(0, 0, number(svg, "width"), number(svg, "height"));
    assertThat(boxes).hasSize(nodes).allMatch(picture::contains);
    for (Rectangle2D box : boxes) {
      // It meets itself alone.
      assertThat(boxes).filteredOn(box::intersects).hasSize(1);
    }
    assertThat(elements(svg, "path")).hasSize(topology.cables().size());
  }

  @Test
  void isTheSameEveryTime() {
    Topology topology = Family.GRID.of(12);

    assertThat(SvgDrawing.of(NetworkGraph.of(topology)))
        .isEqualTo(SvgDrawing.of(NetworkGraph.of(topology)));
  }

  @Test
  void showsHowARunningTopologyFares() {
    Plug web = new Plug("web", "eth1", List.of("10.64.0.0/31"));
    Plug db = new Plug("db", "eth1", List.of("10.64.0.1/31", "fd00::1/64"));
    NetworkGraph graph =
        new NetworkGraph(
            "lab",
            List.of(
                box("web", "ready", Mood.WELL, "localhost:8080 → 80"),
                box("db", "failed: <exit 1>", Mood.FAILED)),
            List.of(
                new Link("first", web, db, "", false),
                new Link("spare", db, web, "delay=20ms", true),
                new Link("loop", web, web, "", false)));

    Golden.assertMatches("graph/running.svg", SvgDrawing.of(graph));
    Golden.assertMatches("graph/running.mermaid", MermaidText.of(graph));
    Golden.assertMatches("graph/running.dot", DotText.of(graph));
  }

  private static Box box(String name, String state, Mood mood, String... details) {
    return new Box(name, Optional.of(new Condition(state, mood)), List.of(details));
  }

  private static Element parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)))
        .getDocumentElement();
  }

  /** Where the boxes of nodes are in the picture. */
  private static List<Rectangle2D> boxes(Element svg) {
    String shift = elements(svg, "g").get(0).getAttribute("transform");
    List<String> offset = List.of(shift.replaceAll("[^0-9. -]", "").split(" ", -1));
    return elements(svg, "rect").stream()
        .filter(rect -> rect.getAttribute("class").startsWith("node"))
        .<Rectangle2D>map(
            rect ->
                new Rectangle2D.Double(
                    number(rect, "x") + Double.parseDouble(offset.get(0)),
                    number(rect, "y") + Double.parseDouble(offset.get(1)),
                    number(rect, "width"),
                    number(rect, "height")))
        .toList();
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
