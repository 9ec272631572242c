package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.Palette.ColorDepth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private final TinyTerminal screen = new TinyTerminal(20);
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final Terminal terminal = new Terminal(traits(true, true), screen, screen);
  private final Terminal plain = new Terminal(traits(false, false), file, file);

  @Test
  void liveRowsStayAtTheBottomAndLeaveNothingBehind() {
    terminal.live(List.of("one", "two"));
    terminal.print("printed");
    terminal.printError("error");
    terminal.live(List.of("three"));
    assertThat(screen.rows()).containsExactly("printed", "error", "three");

    terminal.print("more");
    terminal.close();
    terminal.live(List.of("too late"));
    terminal.print("last");
    assertThat(screen.rows()).containsExactly("printed", "error", "more", "last");
    assertThat(screen.cursor()).containsExactly(4, 0);
    assertThat(screen.wraps()).isTrue();
  }

  @Test
  void aLiveRowWiderThanTheWindowTakesOneRow() {
    terminal.live(List.of("a live row that is too wide"));
    terminal.print("a line that is too wide wraps");
    assertThat(screen.rows())
        .containsExactly("a line that is too w", "ide wraps", "a live row that is e");

    terminal.close();
    assertThat(screen.rows()).containsExactly("a line that is too w", "ide wraps");
  }

  @Test
  void aGrowingLineGrowsInItsRow() {
    terminal.live(List.of("status"));
    terminal.grow("left", "login: ", false);
    assertThat(screen.rows()).containsExactly("login:", "status");

    terminal.grow("left", "login: ro", false);
    terminal.live(List.of("status 2"));
    terminal.grow("left", "login: root", true);
    assertThat(screen.rows()).containsExactly("login: root", "status 2");
  }

  @Test
  void aGrowingLineMayBeWrittenAnewOrBecomeWide() {
    terminal.grow("left", "10% of something that is wide", false);
    assertThat(screen.rows()).containsExactly("10% of something the");

    terminal.grow("left", "100% of something that is wide", true);
    assertThat(screen.rows()).containsExactly("100% of something th", "at is wide");
  }

  @Test
  void anotherLineClosesTheGrowingOne() {
    terminal.grow("left", "login: ", false);
    assertThat(terminal.isGrowing("left")).isTrue();
    terminal.print("other");

    assertThat(terminal.isGrowing("left")).isFalse();
    assertThat(screen.rows()).containsExactly("login:", "other");
  }

  @Test
  void thePromptLeavesTheCursorBehindItself() {
    terminal.grow("left", "login: ", false);
    assertThat(screen.rows()).hasSize(1);
    assertThat(screen.cursor()).containsExactly(0, 7);
  }

  @Test
  void withoutATerminalAGrowingLineIsOnlyAddedTo() {
    plain.grow("left", "login: ", false);
    plain.grow("left", "login: ro", false);
    plain.grow("left", "login: root", true);
    plain.grow("left", "10%", false);
    plain.grow("left", "20%", false);
    plain.grow("left", "done", true);
    plain.grow("left", "# ", false);
    plain.printError("error");
    plain.live(List.of("status"));
    plain.grow("right", "$ ", false);
    plain.close();

    assertThat(file.toString(UTF_8)).isEqualTo("login: root\n10%\ndone\n# \nerror\n$ \n");
  }

  @Test
  void liveRowsGoToTheOutputThatIsATerminal() {
    new Terminal(traits(false, true), file, screen).live(List.of("status"));
    assertThat(file.size()).isZero();
    assertThat(screen.rows()).containsExactly("status");
  }

  @Test
  void aTerminalWithoutUtf8GetsAsciiAndAFileGetsWhatThereIs() {
    TerminalTraits ascii =
        new TerminalTraits(
            true, false, ColorDepth.NONE, ColorDepth.NONE, false, OptionalInt.empty());
    Terminal old = new Terminal(ascii, screen, file);
    old.print("gr\u00fcn " + old.glyphs().bar());
    old.printError("gr\u00fcn");

    assertThat(screen.rows()).containsExactly("gr?n |");
    assertThat(file.toString(UTF_8)).isEqualTo("gr\u00fcn\n");
  }

  @Test
  void anOutputThatBreaksTakesNothingMoreAndSaysWhy() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Terminal terminal = new Terminal(traits(false, false), broken, file);
    terminal.print("lost");
    terminal.print("lost");
    terminal.printError("seen");

    assertThat(terminal.failure()).get().extracting(Throwable::getMessage).isEqualTo("Broken pipe");
    assertThat(file.toString(UTF_8)).isEqualTo("seen\n");
  }

  @Test
  void linesOfManyThreadsAreNeverTorn() {
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(i -> new Thread(() -> printMany("line of thread " + i)))
            .toList();
    threads.forEach(Thread::start);
    threads.forEach(TerminalTest::join);
    terminal.close();

    assertThat(screen.rows()).hasSize(1_000).allMatch(row -> row.matches("line of thread [0-3]"));
  }

  private void printMany(String line) {
    for (int i = 0; i < 250; i++) {
      terminal.live(List.of("status " + i));
      terminal.print(line);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TerminalTraits traits(boolean outIsTerminal, boolean errIsTerminal) {
    return new TerminalTraits(
        outIsTerminal, errIsTerminal, ColorDepth.NONE, ColorDepth.NONE, true, OptionalInt.of(20));
  }
}
