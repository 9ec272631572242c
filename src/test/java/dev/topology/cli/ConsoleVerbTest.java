package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console of a real guest in a real terminal. */
@Timeout(600)
@ResourceLock("signals")
class ConsoleVerbTest {

  private static final String CTRL_C = "\003";
  private static final String CTRL_BRACKET = "\035";

  @TempDir private static Path directory;
  private static Place place;

  @BeforeAll
  static void bringUp() throws IOException {
    place = new Place(directory).withImagesOfHost();
    assertThat(place.run("up", "-d", place.file("one.yaml", "nodes: {left: {}}")).err()).isEmpty();
  }

  @AfterAll
  static void takeDown() {
    assertThat(place.run("down").code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void everyKeyButOneGoesToTheGuest() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.run(place, "console", "left")) {
      terminal.awaitText("Ctrl-] leaves it");
      terminal.type("\r");
      terminal.awaitText("# ");
      assertThat(terminal.settings()).contains("-isig", "-icanon", "-echo ");

      terminal.type("echo wait$((6 * 7)); sleep 1000; echo end$?\r");
      terminal.awaitText("wait42\r\n");
      terminal.type(CTRL_C);
      terminal.awaitText("^C");
      terminal.type("echo alive$((6 * 7))\r");
      terminal.awaitText("alive42\r\n");

      terminal.type(CTRL_BRACKET);
      assertThat(terminal.awaitEnd()).isEqualTo(ExitCode.DONE.status());
    }
    assertThat(place.run("ps").out()).contains("one: ready");
  }

  @Test
  void theGuestSeesHowLargeTheWindowIs() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.run(place, "console", "left")) {
      terminal.awaitText("Ctrl-] leaves it");
      awaitGuestsWindow("33 77");
      terminal.resize(50, 132);
      awaitGuestsWindow("50 132");

      terminal.type(CTRL_BRACKET);
      assertThat(terminal.awaitEnd()).isEqualTo(ExitCode.DONE.status());
    }
  }

  private static void awaitGuestsWindow(String size) {
    await()
        .atMost(Duration.ofMinutes(10))
        .until(
            () -> place.run("exec", "left", "--", "stty", "-F", "/dev/hvc0", "size").out(),
            (size + "\n")::equals);
  }

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
  void theTerminalIsAsItWasAfterASignal(String signal, int status) throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.run(place, "console", "left")) {
      terminal.awaitText("Ctrl-] leaves it");
      await().until(() -> terminal.settings().contains("-icanon"));

      terminal.signal(signal);

      assertThat(terminal.awaitEnd()).isEqualTo(status);
    }
  }

  @Test
  void theTerminalIsAsItWasWhereThereIsNoSuchNode() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.run(place, "console", "lfet")) {
      assertThat(terminal.awaitEnd()).isEqualTo(ExitCode.WRONG_USAGE.status());
      assertThat(terminal.text()).contains("has no node \"lfet\"; there is left");
    }
  }
}
