package dev.topology.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.cluster.Placer.Machines;
import dev.topology.cluster.Placer.PlacementException;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Memory;
import dev.topology.model.Topology;
import dev.topology.source.SourceText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacerTest {

  private static final String TWO_RINGS =
      """
      nodes: {a: {count: 6}, b: {count: 6}}
      cables:
        - ring: [a-*]
        - ring: [b-*]
        - [a-1, b-1]
      """;

  @Test
  void cutsWhereFewCablesAre() throws PlacementException {
    Placement placement = Placer.place(load(TWO_RINGS), on(2));

    assertThat(placement.machines()).hasSize(2);
    assertThat(placement.machines().get(0).names()).allMatch(it -> it.startsWith("a-"));
    assertThat(placement.crossings()).extracting(it -> it.cable().name()).hasSize(1);
    assertThat(placement.crossings().get(0).left()).isEqualTo("m1");
    assertThat(placement.crossings().get(0).right()).isEqualTo("m2");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 12, 20})
  void placesEachNodeOnceAndLoadsMachinesAlike(int machines) throws PlacementException {
    Topology topology = load(TWO_RINGS);

    Placement placement = Placer.place(topology, on(machines));

    assertThat(placement.machines().stream().flatMap(it -> it.nodes().stream()))
        .containsExactlyInAnyOrderElementsOf(topology.nodes());
    assertThat(placement.machines()).hasSizeLessThanOrEqualTo(machines);
    double most = Math.ceil(12.0 / machines);
    assertThat(placement.machines()).allMatch(it -> it.nodes().size() <= most);
  }

  @Test
  void keepsTogetherAndApartWhatTheFileSays() throws PlacementException {
    Topology topology =
        load(
            """
            nodes: {spine: {count: 2}, leaf: {count: 6}, x: {}, y: {}}
            switches: {lan: {}}
            cables:
              - mesh: [leaf-*]
              - star: {hub: spine-1, leaves: [leaf-*]}
            placement:
              together: [[spine-1, x], [x, y], [lan, leaf-6]]
              apart: [[leaf-1, leaf-2, leaf-3], [y, leaf-1, spine-2]]
            """);

    Map<String, String> where = where(Placer.place(topology, on(3)));

    assertThat(where.get("spine-1")).isEqualTo(where.get("x")).isEqualTo(where.get("y"));
    assertThat(where.get("lan")).isEqualTo(where.get("leaf-6"));
    assertThat(List.of(where.get("leaf-1"), where.get("leaf-2"), where.get("leaf-3")))
        .doesNotHaveDuplicates();
    assertThat(List.of(where.get("y"), where.get("leaf-1"), where.get("spine-2")))
        .doesNotHaveDuplicates();
  }

  @Test
  void takesAsFewMachinesAsTheirMemoryAllows() throws PlacementException {
    Topology topology = load("nodes: {big: {memory: 3GiB}, small: {count: 6, memory: 1GiB}}");

    Placement placement = Placer.place(topology, ofMemory(4096));

    assertThat(placement.machines()).hasSize(3);
    assertThat(placement.machines())
        .extracting(it -> it.memory().orElseThrow().mebibytes())
        .allMatch(it -> it <= 4096);
  }

  @Test
  void usesNoMoreMachinesThanTheFileAllows() throws PlacementException {
    Topology topology = load(TWO_RINGS + "placement: {machines: 3}\n");

    assertThat(Placer.place(topology, on(9)).machines()).hasSize(3);
    assertThatThrownBy(() -> Placer.place(topology, ofMemory(512)))
        .isInstanceOf(PlacementException.class)
        .hasMessage("the nodes have 3GiB of memory, which is more than 3 × 512MiB");
  }

  @Test
  void saysWhichNodesAreTooLargeForAMachine() {
    String file = "nodes: {a: {memory: 1GiB}, b: {memory: 1GiB}, c: {}}\n";

    assertThatThrownBy(() -> Placer.place(load(file), ofMemory(512)))
        .hasMessage("node \"a\" has 1GiB of memory, more than the 512MiB of a machine");
    assertThatThrownBy(
            () -> Placer.place(load(file + "placement: {together: [[a, b]]}"), ofMemory(1536)))
        .hasMessage("a, b go together and have 2GiB of memory, more than the 1536MiB of a machine");
  }

  @Test
  void saysWhichNodesCannotBeApart() {
    Topology topology = load("nodes: {a: {}, b: {}, c: {}}\nplacement: {apart: [[a, b, c]]}");

    assertThatThrownBy(() -> Placer.place(topology, on(2)))
        .isInstanceOf(PlacementException.class)
        .hasMessage("3 nodes that are to be apart need as many machines, not 2: a, b, c");
  }

  @Test
  void givesTheSamePlacementEachTime() throws PlacementException {
    Topology topology = load("nodes: {n: {count: 60}}\ncables: [{ring: [n-*]}, {line: [n-*]}]");

    assertThat(Placer.place(topology, on(7))).isEqualTo(Placer.place(topology, on(7)));
  }

  @Test
  void countsNoCableThatLeadsOut() throws PlacementException {
    Topology topology =
        load("nodes: {a: {}, b: {}}\ncables: [[a, b], [a, {udp: \"192.0.2.7:5001\"}], [b, b]]");

    assertThat(Placer.place(topology, on(2)).crossings())
        .extracting(it -> it.cable().name())
        .containsExactly("a:eth1--b:eth1");
  }

  /** A switch weighs nothing: it goes to most of its ends. */
  @Test
  void putsASwitchWhereMostOfItsEndsAre() throws PlacementException {
    Topology topology =
        load(
            """
            nodes: {a: {count: 3}, b: {count: 3}}
            switches: {left: [a-*], right: [b-*], middle: [a-1, b-1, b-2]}
            """);

    Map<String, String> where = where(Placer.place(topology, on(2)));

    assertThat(where.get("left")).isEqualTo(where.get("a-1"));
    assertThat(where.get("right")).isEqualTo(where.get("b-1"));
    assertThat(where.get("middle")).isEqualTo(where.get("b-1"));
  }

  /**
   * 20 racks of 10 nodes whose order in the file says nothing: all cables between racks are cut.
   */
  @Test
  void findsTheRacksOfALargeNetwork() throws PlacementException {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
    Collections.shuffle(order, new Random(1));
    StringBuilder file = new StringBuilder("nodes:\n");
    order.forEach(it -> file.append("  n").append(it).append(":\n"));
    file.append("cables:\n");
    for (int rack = 0; rack < 200; rack += 10) {
      int first = rack;
      file.append("  - mesh: ");
      file.append(IntStream.range(0, 10).mapToObj(it -> "n" + (first + it)).toList()).append('\n');
      file.append("  - [n%d, n%d]\n".formatted(rack, (rack + 10) % 200));
    }

    Placement placement = Placer.place(load(file.toString()), on(20));

    assertThat(placement.crossings()).hasSize(20);
    assertThat(placement.machines()).extracting(it -> it.nodes().size()).containsOnly(10);
  }

  private static Machines on(int machines) {
    return new Machines(OptionalInt.of(machines), Optional.empty());
  }

  private static Machines ofMemory(long mebibytes) {
    return new Machines(OptionalInt.empty(), Optional.of(Memory.ofMebibytes(mebibytes)));
  }

  private static Map<String, String> where(Placement placement) {
    return placement.machines().stream()
        .flatMap(it -> it.names().stream().map(name -> Map.entry(name, it.name())))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Topology load(String text) {
    return new TopologyLoader()
        .load(LoadRequest.ofText(new SourceText("lab.yaml", text), Map.of()))
        .orElseThrow();
  }
}
