package dev.topology.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.Palette.ColorDepth;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaletteTest {

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aNodeKeepsItsColorAndItsNeighbourHasAnother(ColorDepth depth) {
    Palette palette = new Palette(depth);
    IntStream.range(0, 30)
        .forEach(
            i -> {
              assertThat(palette.node(i, "x")).isEqualTo(new Palette(depth).node(i, "x"));
              assertThat(palette.node(i, "x")).isNotEqualTo(palette.node(i + 1, "x"));
            });
  }

  @Test
  void withoutColorsTextStaysAsItIs() {
    Palette palette = new Palette(ColorDepth.NONE);
    assertThat(palette.node(1, "a") + palette.error("b") + palette.warning("c")).isEqualTo("abc");
    assertThat(palette.success("a") + palette.strong("b") + palette.faint("c")).isEqualTo("abc");
  }

  @Test
  void everyColorEndsWithItsText() {
    assertThat(new Palette(ColorDepth.BASIC).error("error")).isEqualTo("\033[1;31merror\033[0m");
    assertThat(new Palette(ColorDepth.BASIC).error("")).isEmpty();
  }
}
