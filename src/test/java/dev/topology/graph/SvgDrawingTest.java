package dev.topology.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Mood;
import dev.topology.load.TopologyBuilder;
import dev.topology.model.Topology;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.time.Duration;
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
    Topology topology =
        TopologyBuilder.named("lab")
            .node("web")
            .node("db")
            .cable("web", "db")
            .cable("spare", cable -> cable.end("web").end("db").delay(Duration.ofMillis(20)))
            .cable("loop", cable -> cable.end("web").end("web"))
            .build();

    NetworkGraph graph =
        NetworkGraph.of(
            topology,
            node ->
                Optional.of(
                    node.name().equals("web")
                        ? new Condition("ready", Mood.WELL)
                        : new Condition("failed: <exit 1>", Mood.FAILED)),
            node -> List.of("localhost:8080 → 80"),
            cable -> cable.name().equals("spare"));

    Golden.assertMatches("graph/running.svg", SvgDrawing.of(graph));
    Golden.assertMatches("graph/running.mermaid", MermaidText.of(graph));
    Golden.assertMatches("graph/running.dot", DotText.of(graph));
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
