package dev.topology.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Expectation.ExpectationException.Reason;
import dev.topology.console.Expectation.Match;
import dev.topology.console.Search.LineSearch;
import dev.topology.console.Search.TextSearch;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WaitTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final ConsoleRecord console = new ConsoleRecord("left");

  @Test
  void findsWhatIsThereAlready() throws InterruptedException {
    print("boot\r\nlogin: ");

    Match match = console.await(Expectation.text("login: "), Mark.START, Duration.ZERO);

    assertThat(match).isEqualTo(new Match("login: ", List.of(), new Mark(5), new Mark(12)));
    assertThat(console.mark()).isEqualTo(match.end());
  }

  @Test
  void findsWhatIsSplitInAnyWayAndInterleavedWithControls() {
    String session = "x\r\n\033[32mre\033[0mad\ry \u2713 no\033]0;t\007w\r\n";
    for (List<byte[]> chunks : Splits.everyWay(session.getBytes(UTF_8))) {
      ConsoleRecord split = new ConsoleRecord("left");
      var text = split.find(Expectation.text("ready \u2713 now\n"), Mark.START);
      var line = split.find(Expectation.line("^re(a|b)dy (.) n(z)?"), Mark.START);
      chunks.forEach(chunk -> split.accept(chunk, 0, chunk.length, 0));

      assertThat(text.join().start()).isEqualTo(new Mark(2));
      assertThat(line.join().groups()).containsExactly("a", "\u2713", "");
      assertThat(line.join().start()).isEqualTo(new Mark(2));
      assertThat(line.join().end())
          .isEqualTo(new Mark(2 + "ready \u2713 n".getBytes(UTF_8).length));
    }
  }

  @Test
  void looksOnlyFromTheMarkOn() {
    print("# one\n# ");
    Mark mark = console.mark();
    CompletableFuture<Match> prompt = console.find(Expectation.text("# "), mark);
    assertThat(prompt).isNotDone();

    print("two\n# ");

    assertThat(prompt.join().start()).isEqualTo(new Mark(12));
    assertThat(console.text(mark)).isEqualTo("two\n# ");
  }

  @Test
  void aLineIsMatchedByItself() {
    CompletableFuture<Match> across = console.find(Expectation.line("a\\s+b"), Mark.START);
    CompletableFuture<Match> prompt = console.find(Expectation.line("^\\$ $"), Mark.START);
    print("a\nb\n");
    assertThat(across).isNotDone();
    assertThat(prompt).isNotDone();

    print("$ ");
    assertThat(prompt).isDone();
  }

  @Test
  void anEmptyUnfinishedLineIsNotALineYet() {
    CompletableFuture<Match> empty = console.find(Expectation.line("^$"), Mark.START);
    print("x\n");
    assertThat(empty).isNotDone();

    print("\n");
    assertThat(empty.join().start()).isEqualTo(new Mark(2));
  }

  @Test
  void textFoundEqualsIndexOf() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      String printed = abc(random, 60);
      String wanted = abc(random, 1 + random.nextInt(4));
      ConsoleRecord split = new ConsoleRecord("left");
      CompletableFuture<Match> text = split.find(Expectation.text(wanted), Mark.START);
      CompletableFuture<Match> line = split.find(Expectation.line(wanted), Mark.START);
      Splits.atRandom(printed.getBytes(UTF_8), random, 5)
          .forEach(chunk -> split.accept(chunk, 0, chunk.length, 0));

      int index = printed.indexOf(wanted);
      assertThat(text.isDone()).isEqualTo(index >= 0);
      assertThat(line.isDone()).isEqualTo(index >= 0);
      if (index >= 0) {
        assertThat(text.join().start()).isEqualTo(new Mark(index));
        assertThat(line.join().start()).isEqualTo(new Mark(index));
      }
    }
  }

  private static String abc(Random random, int length) {
    return random.ints(length, 'a', 'd').mapToObj(Character::toString).reduce("", String::concat);
  }

  @Test
  void whatWasSeenIsNotLookedAtAgain() {
    TextBuffer buffer = new TextBuffer(1024);
    List<Search> searches =
        List.of(new TextSearch("needle", 0), new LineSearch(Pattern.compile("needle"), 0));
    byte[] hay = "hay hay hay\nhay hay hay\n".getBytes(UTF_8);
    buffer.append(hay, 0, hay.length);
    assertThat(searches).allMatch(search -> search.advance(buffer).isEmpty());

    // Whoever looks at the old place again finds what is written there now.
    System.arraycopy("needle".getBytes(UTF_8), 0, buffer.bytes(), 12, 6);
    buffer.append(hay, 0, hay.length);
    assertThat(searches).allMatch(search -> search.advance(buffer).isEmpty());
  }

  @Test
  void aMatchMayLieInALineOfAnyLength() {
    CompletableFuture<Match> found = console.find(Expectation.line("e(n)d"), Mark.START);
    print("\u00fc".repeat(100_000));
    print("en");
    print("d");

    assertThat(found.join().start()).isEqualTo(new Mark(200_000));
  }

  @Test
  void theEndOfTheConsoleEndsAWaitAtOnceAndTheTailIsInTheMessage() {
    CompletableFuture<Match> wait = console.find(Expectation.text("login:"), Mark.START);
    print("Kernel panic\r\nnot syncing");
    console.end("QEMU has exited", 0);

    assertThatThrownBy(wait::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessage(
            """
            left did not print "login:" and will not any more: QEMU has exited
              the end of its console:
                Kernel panic
                not syncing""");
    assertThatThrownBy(() -> console.await(Expectation.line("x+"), Mark.START, LONG))
        .isInstanceOf(ExpectationException.class)
        .hasMessageStartingWith("left did not print /x+/ and will not any more: QEMU has exited");
  }

  @Test
  void aDeadlineThatPassesSaysWhatWasThere() {
    var failure =
        catchThrowableOfType(
            ExpectationException.class,
            () -> console.await(Expectation.text("x"), Mark.START, Duration.ofMillis(1)));

    assertThat(failure.reason()).isEqualTo(Reason.OUT_OF_TIME);
    assertThat(failure)
        .hasMessage("left did not print \"x\" within 1 ms\n  it has printed nothing");
  }

  @Test
  void anInterruptEndsAWait() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> console.await(Expectation.text("x"), Mark.START, LONG))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void aMarkWhoseTextIsForgottenIsRefused() {
    ConsoleRecord small = new ConsoleRecord("left", 0);
    byte[] line = "0123456789abcde\n".getBytes(UTF_8);
    CompletableFuture<Match> early = small.find(Expectation.text("never"), Mark.START);
    for (int i = 0; i < Transcript.LEAST_CAPACITY / 8; i++) {
      small.accept(line, 0, line.length, 0);
    }

    var failure =
        catchThrowableOfType(
            ExpectationException.class, () -> small.await(Expectation.text("x"), Mark.START, LONG));
    assertThat(failure.reason()).isEqualTo(Reason.FORGOTTEN);
    assertThatThrownBy(() -> small.text(Mark.START)).hasMessageContaining("Take a mark later");
    assertThat(small.text().length()).isGreaterThanOrEqualTo(Transcript.LEAST_CAPACITY / 2);

    byte[] never = "never".getBytes(UTF_8);
    small.accept(never, 0, never.length, 0);
    assertThat(early).isCompleted();
  }

  @Test
  void aRegularExpressionThatNeverEndsFailsTheWaitAndNotTheConsole() {
    CompletableFuture<Match> endless = console.find(Expectation.line("(x+x+)+y"), Mark.START);
    CompletableFuture<Match> deep = console.find(Expectation.line("^(x|z)*y"), Mark.START);
    print("x".repeat(200_000) + "\n");

    assertThat(endless).isCompletedExceptionally();
    assertThat(deep).isCompletedExceptionally();
    assertThatThrownBy(deep::get).hasMessageContaining("overflowed the stack");
    assertThat(console.tail(1)).hasSize(1);
  }

  @Test
  void aMarkOfAnotherConsoleIsRefused() {
    assertThatThrownBy(() -> console.find(Expectation.text("x"), new Mark(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Expectation.text("\r")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCancelledWaitIsLetGo() {
    CompletableFuture<Match> wait = console.find(Expectation.text("x"), Mark.START);
    wait.cancel(false);
    print("x");

    assertThat(wait).isCancelled();
  }

  private void print(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    console.accept(bytes, 0, bytes.length, 0);
  }
}
