package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.Palette.ColorDepth;
import dev.topology.console.ConsoleLine;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NodeLinesTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final NodeLines lines = lines(out, false);

  @Test
  void aLineThatWasInterruptedGoesOnBehindAnotherBar() {
    partial("left", "login: ");
    finished("right", "booting");
    partial("left", "login: ro");
    finished("left", "login: root");
    finished("left", "next");

    assertOut(
        """
        left  │ login:\s
        right │ booting
        left  ┊ root
        left  │ next
        """);
  }

  @Test
  void aPromptThatOnlyEndedIsNotRepeated() {
    partial("left", "login: ");
    finished("right", "booting");
    finished("left", "login: ");
    finished("left", "");

    assertOut(
        """
        left  │ login:\s
        right │ booting
        left  │\s
        """);
  }

  @Test
  void aProgressBarThatWasInterruptedShowsItsLastState() {
    partial("left", "10%");
    finished("right", "booting");
    partial("left", "20%");
    partial("left", "30%");
    finished("left", "done");

    assertOut(
        """
        left  │ 10%
        right │ booting
        left  │ done
        """);
  }

  @Test
  void twoPromptsAtOnceAreKeptApart() {
    partial("left", "a");
    partial("right", "1");
    partial("left", "ab");
    partial("right", "12");
    finished("left", "abc");
    finished("right", "123");

    assertOut(
        """
        left  │ a
        right │ 1
        left  ┊ b
        right ┊ 2
        left  ┊ c
        right ┊ 3
        """);
  }

  @Test
  void linesThatAreMissingAreSaidToBe() {
    lines.skipped("left", 1234);
    lines.say("right", "ready after 1.6 s");

    assertOut(
        """
        left  │ … 1234 lines not shown, being more than this output could take
        right │ ready after 1.6 s
        """);
  }

  @Test
  void onATerminalAPromptIsRewrittenInPlace() {
    TinyTerminal screen = new TinyTerminal(40);
    NodeLines shown = lines(screen, true);
    shown.line("left", new ConsoleLine("10%", false));
    shown.line("left", new ConsoleLine("20%", false));
    assertThat(screen.rows()).containsExactly("left  │ 20%");

    shown.line("right", new ConsoleLine("$ ", false));
    shown.line("left", new ConsoleLine("20%, done", true));
    assertThat(screen.rows()).containsExactly("left  │ 20%", "right │ $", "left  ┊ , done");
  }

  private void partial(String node, String text) {
    lines.line(node, new ConsoleLine(text, false));
  }

  private void finished(String node, String text) {
    lines.line(node, new ConsoleLine(text, true));
  }

  private void assertOut(String expected) {
    assertThat(out.toString(UTF_8)).isEqualTo(expected);
  }

  private static NodeLines lines(ByteArrayOutputStream out, boolean isTerminal) {
    TerminalTraits traits =
        new TerminalTraits(
            isTerminal, isTerminal, ColorDepth.NONE, ColorDepth.NONE, true, OptionalInt.of(40));
    return new NodeLines(new Terminal(traits, out, out), List.of("left", "right"));
  }
}
