package dev.topology.language.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.Golden;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Cable;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.Route;
import dev.topology.model.Topology;
import dev.topology.source.SourceText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StarterFileTest {

  private static final TopologyLoader LOADER = new TopologyLoader();

  /** A shape in some size. */
  record Case(Shape shape, Map<String, Integer> sizes) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(Shape.PAIR, Map.of()),
        new Case(Shape.LINE, Map.of()),
        new Case(Shape.LINE, Map.of("nodes", 2)),
        new Case(Shape.LINE, Map.of("nodes", 3)),
        new Case(Shape.LINE, Map.of("nodes", 64)),
        new Case(Shape.RING, Map.of()),
        new Case(Shape.RING, Map.of("nodes", 3)),
        new Case(Shape.RING, Map.of("nodes", 7)),
        new Case(Shape.RING, Map.of("nodes", 64)),
        new Case(Shape.STAR, Map.of()),
        new Case(Shape.STAR, Map.of("leaves", 1)),
        new Case(Shape.STAR, Map.of("leaves", 22)),
        new Case(Shape.MESH, Map.of()),
        new Case(Shape.MESH, Map.of("nodes", 2)),
        new Case(Shape.MESH, Map.of("nodes", 23)),
        new Case(Shape.TREE, Map.of()),
        new Case(Shape.TREE, Map.of("depth", 2, "fanout", 3)),
        new Case(Shape.TREE, Map.of("depth", 1, "fanout", 1)),
        new Case(Shape.TREE, Map.of("depth", 6, "fanout", 1)),
        new Case(Shape.TREE, Map.of("depth", 5, "fanout", 2)),
        new Case(Shape.TREE, Map.of("depth", 1, "fanout", 21)),
        new Case(Shape.CLOS, Map.of()),
        new Case(Shape.CLOS, Map.of("spines", 1, "leaves", 2)),
        new Case(Shape.CLOS, Map.of("spines", 22, "leaves", 22)));
  }

  @ParameterizedTest
  @EnumSource
  void looksAsExpected(Shape shape) {
    String text = StarterFile.text(shape, shape.toString(), Map.of(), shape + ".yaml");

    Golden.assertMatches("language/starter/" + shape + ".yaml", text);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void loadsWithoutAWarningInEverySize(Case it) {
    assertThat(load(it).diagnostics()).isEmpty();
  }

  /** Those whose packets can be followed in a moment. */
  static Stream<Case> smallCases() {
    return cases().filter(it -> it.sizes().values().stream().allMatch(size -> size < 20));
  }

  @ParameterizedTest
  @MethodSource("smallCases")
  void packetsFindTheirWayBetweenAllNodes(Case it) {
    Topology topology = load(it).orElseThrow();

    if (topology.nodes().stream().anyMatch(Node::forwarding)) {
      for (Node from : topology.nodes()) {
        for (Cable cable : topology.cables()) {
          assertArrives(topology, from, cable.left().addresses().get(0).address());
          assertArrives(topology, from, cable.right().addresses().get(0).address());
        }
      }
    }
  }

  @Test
  void saysWhatIsTooLargeOrTooSmall() {
    assertThat(Shape.RING.problem(Map.of("nodes", 2)))
        .contains("a ring has at least 3 nodes, not 2");
    assertThat(Shape.STAR.problem(Map.of("leaves", 23)))
        .contains("a star has at most 22 leaves, not 23: a node has room for 22 cables");
    assertThat(Shape.TREE.problem(Map.of("depth", 4, "fanout", 4)))
        .contains(
            "a tree of depth 4 and fanout 4 has more than 64 nodes, the most that one file is"
                + " written for");
    assertThatThrownBy(() -> StarterFile.text(Shape.RING, "x", Map.of("nodes", 2), "x.yaml"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LoadResult load(Case it) {
    String text = StarterFile.text(it.shape(), "lab", it.sizes(), "lab.yaml");
    return LOADER.load(LoadRequest.ofText(new SourceText("lab.yaml", text), Map.of()));
  }

  /** Passes a packet on from node to node, as their routes say. */
  private static void assertArrives(Topology topology, Node from, IpAddress to) {
    Node at = from;
    for (int hops = 0; hops <= topology.nodes().size(); hops++) {
      Node here = at;
      if (owner(topology, to).equals(here.name())) {
        return;
      }
      assertThat(hops == 0 || here.forwarding()).as("%s forwards", here.name()).isTrue();
      String next = owner(topology, next(topology, here, to));
      at = topology.nodes().stream().filter(it -> it.name().equals(next)).findFirst().orElseThrow();
    }
    throw new AssertionError("from " + from.name() + " to " + to + ": in a circle at " + at.name());
  }

  private static IpAddress next(Topology topology, Node node, IpAddress to) {
    boolean isNear =
        topology.endpointsByNode().getOrDefault(node.name(), List.of()).stream()
            .flatMap(it -> it.addresses().stream())
            .anyMatch(it -> it.covers(to));
    return isNear ? to : gateway(node, to);
  }

  private static IpAddress gateway(Node node, IpAddress to) {
    Optional<Route> exact =
        node.routes().stream()
            .filter(it -> !it.destination().equals("default"))
            .filter(it -> InterfaceAddress.parse(it.destination()).orElseThrow().covers(to))
            .findFirst();
    return exact
        .or(() -> node.routes().stream().filter(it -> it.destination().equals("default")).findAny())
        .map(Route::gateway)
        .orElseThrow(() -> new AssertionError(node.name() + " has no route to " + to));
  }

  private static String owner(Topology topology, IpAddress address) {
    return topology.cables().stream()
        .flatMap(it -> Stream.of(it.left(), it.right()))
        .filter(it -> it.addresses().stream().anyMatch(own -> own.address().equals(address)))
        .findFirst()
        .orElseThrow()
        .owner();
  }
}
