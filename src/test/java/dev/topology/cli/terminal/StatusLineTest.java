package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.cli.terminal.Palette.ColorDepth;
import dev.topology.cli.terminal.StatusLine.NodePhase;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StatusLineTest {

  private long now;

  @Test
  void tellsWhatEachNodeIsDoing() {
    TinyTerminal screen = new TinyTerminal(80);
    StatusLine status = status(screen, "web", "db", "app", "log");
    status.draw();
    assertThat(screen.rows()).containsExactly("waiting web, db, app, log · 0 s");

    status.phase("web", NodePhase.STARTING);
    now += 400_000_000;
    status.phase("db", NodePhase.STARTING);
    status.phase("log", NodePhase.READY);
    now += 800_000_000;
    status.draw();
    assertThat(screen.rows())
        .containsExactly("starting web 1.2 s, db 0.8 s · waiting app · 1 ready");

    List.of("web", "db", "app").forEach(node -> status.phase(node, NodePhase.READY));
    status.phase("log", NodePhase.DONE);
    now += 11_000_000_000L;
    status.draw();
    assertThat(screen.rows()).containsExactly("3 ready · 1 done · 12 s");

    status.close();
    assertThat(screen.rows()).isEmpty();
  }

  @Test
  void namesAsManyNodesAsFit() {
    TinyTerminal screen = new TinyTerminal(44);
    StatusLine status = status(screen, "alpha", "beta", "gamma", "delta");
    List.of("alpha", "beta", "gamma").forEach(node -> status.phase(node, NodePhase.STARTING));
    status.draw();
    assertThat(screen.rows()).containsExactly("starting alpha 0.0 s and 2 more · waiting d…");
  }

  @Test
  void drawsItselfUntilItIsClosed() {
    TinyTerminal screen = new TinyTerminal(80);
    try (StatusLine status = new StatusLine(terminal(screen, true), List.of("web"))) {
      status.phase("web", NodePhase.STARTING);
      await()
          .atMost(10, TimeUnit.MINUTES)
          .until(() -> screen.toString(UTF_8).contains("starting web"));
    }

    assertThat(screen.rows()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("status-line");
  }

  @Test
  void isAbsentWithoutATerminal() {
    TinyTerminal screen = new TinyTerminal(80);
    try (StatusLine status = new StatusLine(terminal(screen, false), List.of("web"))) {
      status.phase("web", NodePhase.STARTING);
    }
    assertThat(screen.size()).isZero();
  }

  private StatusLine status(TinyTerminal screen, String... nodes) {
    return new StatusLine(terminal(screen, true), List.of(nodes), () -> now);
  }

  private static Terminal terminal(TinyTerminal screen, boolean isTerminal) {
    return new Terminal(
        new TerminalTraits(
            isTerminal,
            isTerminal,
            ColorDepth.NONE,
            ColorDepth.NONE,
            true,
            OptionalInt.of(screen.columns())),
        screen,
        screen);
  }
}
