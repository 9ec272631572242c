package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.Palette.ColorDepth;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {

  private long now;

  @Test
  void oneRowEachAndWhatIsDoneStaysAbove() {
    TinyTerminal screen = new TinyTerminal(80);
    ProgressBars bars = bars(screen, true);
    progress(bars, "linux", 10_700_000, 26_700_000);
    progress(bars, "busybox", 100_000, 0);
    assertThat(screen.rows())
        .containsExactly(
            "  linux     ████████░░░░░░░░░░░░  10.7 MB of 26.7 MB",
            "  busybox   ░░░░░░░░░░░░░░░░░░░░  0.1 MB");

    bars.done("busybox", 900_000);
    assertThat(screen.rows())
        .containsExactly(
            "  busybox   ████████████████████  0.9 MB",
            "  linux     ████████░░░░░░░░░░░░  10.7 MB of 26.7 MB");

    bars.done("linux", 26_700_000);
    bars.close();
    assertThat(screen.rows())
        .containsExactly(
            "  busybox   ████████████████████  0.9 MB",
            "  linux     ████████████████████  26.7 MB");
  }

  @Test
  void oneLineEachWithoutATerminal() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ProgressBars bars = bars(file, false);
    progress(bars, "linux", 1, 2);
    bars.done("linux", 26_700_000);
    bars.close();

    assertThat(file.toString(UTF_8)).isEqualTo("  linux     26.7 MB\n");
  }

  @Test
  void redrawsAtMostTenTimesASecond() {
    TinyTerminal screen = new TinyTerminal(80);
    ProgressBars bars = bars(screen, true);
    progress(bars, "linux", 0, 100);
    int size = screen.size();
    IntStream.range(0, 100).forEach(i -> bars.progress("linux", i, 100));
    assertThat(screen.size()).isEqualTo(size);

    now += 100_000_000;
    bars.progress("linux", 150, 100);
    assertThat(screen.rows()).containsExactly("  linux     ████████████████████  150 B of 150 B");
  }

  @Test
  void moreThanFitAreCounted() {
    TinyTerminal screen = new TinyTerminal(80);
    ProgressBars bars = bars(screen, true);
    IntStream.range(0, 20).forEach(i -> progress(bars, "package" + i, 1, 2));

    assertThat(screen.rows()).hasSize(8).last().isEqualTo("  and 13 others");
  }

  private void progress(ProgressBars bars, String name, long done, long total) {
    now += 100_000_000;
    bars.progress(name, done, total);
  }

  private ProgressBars bars(ByteArrayOutputStream out, boolean isTerminal) {
    TerminalTraits traits =
        new TerminalTraits(
            isTerminal, isTerminal, ColorDepth.NONE, ColorDepth.NONE, true, OptionalInt.of(80));
    return new ProgressBars(new Terminal(traits, out, out), List.of("linux", "busybox"), () -> now);
  }
}
