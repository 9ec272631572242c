package dev.topology.language.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterpolationTest {

  @Test
  void knowsWhichVariablesATextNames() {
    assertThat(Interpolation.namesIn("a: ${A}\nb: ${B:-$(date)} ${A} $C ${D?unset} $${LITERAL}"))
        .containsExactlyInAnyOrder("A", "B", "D");
  }
}
