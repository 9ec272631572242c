package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineMultiplexerTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final ConsoleRecord left = new ConsoleRecord("left");
  private final ConsoleRecord right = new ConsoleRecord("right");
  private final Queue<String> read = new ConcurrentLinkedQueue<>();

  @Test
  void keepsTheOrderOfArrivalAcrossConsoles() throws InterruptedException {
    try (LineMultiplexer lines = following(new Notes())) {
      print(left, "one\n");
      print(right, "two\n");
      print(left, "three\nfour\n");

      assertThat(lines.settle(LONG)).isTrue();
      assertThat(read).containsExactly("left one", "right two", "left three", "left four");
    }
  }

  @Test
  void givesOutAPromptByItself() {
    LineMultiplexer lines = following(new Notes());
    print(left, "login: ");

    await().atMost(LONG).untilAsserted(() -> assertThat(read).containsExactly("left login: ..."));
    lines.close();
  }

  @Test
  void aReaderThatStandsStillStopsNoConsoleAndLearnsWhatItMissed() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Notes stuckAtFirst =
        new Notes() {
          @Override
          public void line(String node, ConsoleLine line) {
            awaitQuietly(release);
            super.line(node, line);
          }
        };
    try (LineMultiplexer lines = following(stuckAtFirst)) {
      int tooMany = LineMultiplexer.AHEAD / 8 * 3;
      print(left, "1234567\n".repeat(tooMany));
      print(right, "hello\n");
      release.countDown();
      assertThat(lines.settle(LONG)).isTrue();
      await().atMost(LONG).until(() -> read.stream().anyMatch(line -> line.contains("missing")));

      long leftLines = read.stream().filter("left 1234567"::equals).count();
      assertThat(leftLines).isEqualTo(LineMultiplexer.AHEAD / 8);
      assertThat(read).contains("right hello", "left missing " + (tooMany - leftLines));
    }
  }

  @Test
  void closingReadsWhatHasArrived() {
    LineMultiplexer lines = following(new Notes());
    print(left, "last words\n");
    lines.close();

    assertThat(read).containsExactly("left last words");
  }

  @Test
  void closingOutlivesAReaderThatIsStuck() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    LineMultiplexer stuck =
        following(
            new Notes() {
              @Override
              public void line(String node, ConsoleLine line) {
                awaitQuietly(never);
              }
            });
    print(left, "x\n");
    assertThat(stuck.settle(Duration.ofMillis(1))).isFalse();
    stuck.close();
    never.countDown();
  }

  private class Notes implements LineMultiplexer.Reader {

    @Override
    public void line(String node, ConsoleLine line) {
      read.add(node + " " + line.text() + (line.finished() ? "" : "..."));
    }

    @Override
    public void skipped(String node, long lines) {
      read.add(node + " missing " + lines);
    }
  }

  private LineMultiplexer following(LineMultiplexer.Reader reader) {
    LineMultiplexer lines = new LineMultiplexer(reader);
    lines.follow(left);
    lines.follow(right);
    return lines;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void print(ConsoleRecord console, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    console.accept(bytes, 0, bytes.length, System.nanoTime());
  }
}
