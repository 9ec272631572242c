package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.Golden;
import dev.topology.cli.terminal.Palette.ColorDepth;
import dev.topology.cli.terminal.StatusLine.NodePhase;
import dev.topology.console.ConsoleRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run of two nodes looks like, from the bytes of the guests to those of the terminal. */
class SessionTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<String, ConsoleRecord> consoles = new LinkedHashMap<>();
  private long now;

  @ParameterizedTest
  @CsvSource({
    "session-plain.txt,    false, NONE,  true",
    "session-ascii.txt,    false, NONE,  false",
    "session-color.txt,    false, WIDE,  true",
    "session-terminal.txt, true,  BASIC, true"
  })
  void looksAsExpected(String expected, boolean isTerminal, ColorDepth colors, boolean unicode)
      throws IOException {
    run(
        new Terminal(
            new TerminalTraits(isTerminal, isTerminal, colors, colors, unicode, OptionalInt.of(60)),
            out,
            out));

    String actual = out.toString(UTF_8).replace("\033", "\\e").replace("\r", "\\r");
    Golden.assertMatches("cli/terminal/" + expected, actual);
  }

  private void run(Terminal terminal) {
    List<String> nodes = List.of("left", "right");
    NodeLines lines = new NodeLines(terminal, nodes);
    nodes.forEach(node -> consoles.put(node, console(node, lines)));
    StatusLine status = new StatusLine(terminal, nodes, () -> now);

    nodes.forEach(node -> status.phase(node, NodePhase.STARTING));
    status.draw();
    print("left", "\033[2J\033[1;1H[    0.0] \033[32mLinux\033[0m\r\n");
    print("right", "\033]0;a title\007fsck 10%\rfsck 20%");
    quiet();
    print("right", "\rfsck 100%\r\n");
    status.phase("left", NodePhase.READY);
    lines.say("left", "ready after 1.6 s");
    status.draw();
    print("left", "left login: ");
    quiet();
    print("left", "root\r\nPassword: ");
    quiet();
    print("right", "\u2713 caf\u00e9\r\n");
    print("left", "\r\n# ");
    lines.skipped("right", 3);
    terminal.printError(terminal.errorPalette().error("error") + ": something else");
    quiet();
    consoles.values().forEach(console -> console.end("over", now));
    terminal.print(lines.name("left") + "   " + terminal.palette().success("done") + " (exit 0)");
    terminal.close();
  }

  private static ConsoleRecord console(String node, NodeLines lines) {
    ConsoleRecord console = new ConsoleRecord(node);
    console.addListener(line -> lines.line(node, line));
    return console;
  }

  private void print(String node, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    Objects.requireNonNull(consoles.get(node)).accept(bytes, 0, bytes.length, now);
  }

  private void quiet() {
    now += ConsoleRecord.QUIET.toNanos();
    consoles.values().forEach(console -> console.giveOutUnfinished(now));
  }
}
