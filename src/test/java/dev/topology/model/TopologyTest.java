package dev.topology.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {

  @Test
  void keepsItsSwitchesUnderAnotherName() {
    Switch lan = new Switch("lan", List.of());
    Topology topology = new Topology("one", List.of(), List.of(lan), List.of());

    assertThat(topology.named("other").name()).isEqualTo("other");
    assertThat(topology.named("other").switches()).containsExactly(lan);
  }
}
