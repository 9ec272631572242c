package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsoleRecordTest {

  private static final long QUIET = ConsoleRecord.QUIET.toNanos();

  private final ConsoleRecord console = new ConsoleRecord("left");
  private final List<ConsoleLine> lines = new ArrayList<>();

  ConsoleRecordTest() {
    console.addListener(lines::add);
  }

  @Test
  void givesTheSameLinesHoweverTheBytesAreSplit() {
    String session =
        "\033[1mboot\033[0m ok\r\n\r\n 10%\r 50%\r100%\r\nab\b\bcd\r\ngr\u00fc\u00df \ud83d\udc27\b!\n# ";
    for (List<byte[]> chunks : Splits.everyWay(session.getBytes(UTF_8))) {
      ConsoleRecord split = new ConsoleRecord("left");
      List<ConsoleLine> heard = new ArrayList<>();
      split.addListener(heard::add);
      chunks.forEach(chunk -> split.accept(chunk, 0, chunk.length, 0));
      split.end("over", 0);

      String[] expected = {"boot ok", "", "100%", "cd", "gr\u00fc\u00df !", "# "};
      assertThat(heard).extracting(ConsoleLine::text).containsExactly(expected);
      assertThat(heard).allMatch(ConsoleLine::finished);
      assertThat(split.tail(100)).containsExactly(expected);
    }
  }

  @Test
  void ofAProgressBarTheLastStateIsLeft() {
    IntStream.rangeClosed(0, 100).forEach(percent -> print(percent + "%\r"));
    print("\n");

    assertThat(lines).containsExactly(new ConsoleLine("100%", true));
  }

  @Test
  void aPromptIsGivenOutOnceTheConsoleIsQuiet() {
    print("login: ");
    console.giveOutUnfinished(QUIET - 1);
    assertThat(lines).isEmpty();

    console.giveOutUnfinished(QUIET);
    console.giveOutUnfinished(2 * QUIET);
    assertThat(lines).containsExactly(new ConsoleLine("login: ", false));
  }

  @Test
  void aPromptThatGoesOnSaysWhatIsNew() {
    print("login: ");
    console.giveOutUnfinished(QUIET);
    print("ro");
    console.giveOutUnfinished(QUIET);
    print("ot\n$ ");

    assertThat(lines)
        .containsExactly(
            new ConsoleLine("login: ", false),
            new ConsoleLine("login: ro", false),
            new ConsoleLine("login: root", true));
  }

  @Test
  void aStateThatIsWrittenAnewReplacesTheOneGivenOut() {
    print(" 10%");
    console.giveOutUnfinished(QUIET);
    print("\rdone\n");

    assertThat(lines.get(1)).isEqualTo(new ConsoleLine("done", true));
  }

  @Test
  void aLineThatIsNeverQuietIsGivenOutAfterAWhile() {
    long patience = ConsoleRecord.PATIENCE.toNanos();
    for (long now = 0; now <= patience; now += QUIET / 2) {
      byte[] dot = {'.'};
      console.accept(dot, 0, 1, now);
      console.giveOutUnfinished(now);
    }
    assertThat(lines).isEmpty();

    console.giveOutUnfinished(patience);
    assertThat(lines).hasSize(1);
  }

  @Test
  void anEndlessLineIsCutBetweenCharacters() {
    String endless = "x" + "\u00fc".repeat(LineAssembler.LONGEST);
    print(endless);
    print("\n");

    assertThat(lines).hasSize(3).allMatch(ConsoleLine::finished);
    assertThat(lines.stream().map(ConsoleLine::text).reduce("", String::concat)).isEqualTo(endless);
    assertThat(lines).allMatch(line -> line.text().getBytes(UTF_8).length <= LineAssembler.LONGEST);
  }

  @Test
  void aBackspaceAtTheStartTakesNothingBack() {
    print("\b\b\u00fc\b\b\bx\n");

    assertThat(lines).extracting(ConsoleLine::text).containsExactly("x");
  }

  @Test
  void theTailEndsWithTheUnfinishedLine() {
    IntStream.range(0, 10_000).forEach(i -> print("line " + i + "\r\n"));
    print("# ");

    assertThat(console.tail(3)).containsExactly("line 9998", "line 9999", "# ");
    assertThat(console.tail(100_000)).endsWith("line 9999", "# ").hasSizeBetween(5_000, 10_001);
  }

  @Test
  void aListenerThatThrowsIsRemovedAndTheRestGoesOn() {
    List<Throwable> bugs = new ArrayList<>();
    Thread.currentThread().setUncaughtExceptionHandler((thread, bug) -> bugs.add(bug));
    try {
      console.addListener(
          line -> {
            throw new IllegalStateException("bug");
          });
      print("one\ntwo\n");
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(null);
    }

    assertThat(bugs).hasSize(1);
    assertThat(lines).extracting(ConsoleLine::text).containsExactly("one", "two");
  }

  private void print(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    console.accept(bytes, 0, bytes.length, 0);
  }
}
