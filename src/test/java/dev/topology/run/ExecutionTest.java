package dev.topology.run;

import static dev.topology.run.Sketch.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands in one guest, with their streams. */
@Timeout(180)
class ExecutionTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int MEGABYTE = 1 << 20;

  @TempDir static Path directory;

  private static RunningTopology running;
  private static RunningNode guest;

  @BeforeAll
  static void start() throws Exception {
    var topology = Sketch.topology("executes", node("guest").hasChannels("unused"));
    running = RunningTopology.start(RecordedRun.plan(topology, directory), RunListener.SILENT);
    guest = running.node("guest");
    running.awaitReady();
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  private static Execution exec(String... argv) throws InterruptedException {
    return guest.exec(List.of(argv));
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    String odd = "  it's \"$HOME\" \\ and\na line\n";
    try (Execution printf = exec("printf", "%s|", odd, "", "*")) {
      assertThat(new String(printf.output().readAllBytes(), UTF_8)).isEqualTo(odd + "||*|");
      assertThat(printf.errors().readAllBytes()).isEmpty();
      assertThat(printf.awaitEnd(LIMIT)).isZero();
    }
    assertThatIllegalArgumentException().isThrownBy(() -> exec());
  }

  @Test
  void bothOutputsAndTheStatusComeApart() throws Exception {
    try (Execution shell = exec("sh", "-c", "echo out; echo err >&2; exit 7")) {
      assertThat(new String(shell.output().readAllBytes(), UTF_8)).isEqualTo("out\n");
      assertThat(new String(shell.errors().readAllBytes(), UTF_8)).isEqualTo("err\n");
      assertThat(shell.awaitEnd(LIMIT)).isEqualTo(7);
      assertThat(shell.output().read()).isEqualTo(-1);
    }
  }

  @Test
  void whatIsNotThereIsToldAsAShellTellsIt() throws Exception {
    try (Execution missing = exec("no-such-command")) {
      assertThat(missing.awaitEnd(LIMIT)).isEqualTo(127);
      assertThat(new String(missing.errors().readAllBytes(), UTF_8)).contains("not found");
    }
  }

  @Test
  void bytesOfAnyKindGoInAndOutAndEndWithTheInput() throws Exception {
    byte[] bytes = new byte[20 * MEGABYTE];
    new Random(11).nextBytes(bytes);
    try (Execution cat = exec("cat")) {
      FutureTask<Void> writing = writing(cat.input(), bytes);
      byte[] back = cat.output().readAllBytes();
      assertThat(md5(back)).isEqualTo(md5(bytes));
      assertThat(back).hasSize(bytes.length);
      assertThat(cat.awaitEnd(LIMIT)).isZero();
      writing.get();
    }
  }

  private static FutureTask<Void> writing(OutputStream input, byte[] bytes) {
    FutureTask<Void> writing =
        new FutureTask<>(
            () -> {
              try (input) {
                input.write(bytes);
              }
              return null;
            });
    new Thread(writing, "writes-to-command").start();
    return writing;
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  @Test
  void whatIsWrittenComesAtOnce() throws Exception {
    try (Execution cat = exec("cat")) {
      for (String word : List.of("one\n", "two\n", "three\n")) {
        cat.input().write(word.getBytes(UTF_8));
        assertThat(cat.output().readNBytes(word.length())).isEqualTo(word.getBytes(UTF_8));
      }
      cat.input().close();
      assertThat(cat.awaitEnd(LIMIT)).isZero();
    }
  }

  @Test
  void aCommandMayEndWithoutReadingItsInput() throws Exception {
    try (Execution head = exec("head", "-c", "3")) {
      FutureTask<Void> writing = writing(head.input(), new byte[8 * MEGABYTE]);
      assertThat(head.output().readAllBytes()).isEqualTo(new byte[3]);
      assertThat(head.awaitEnd(LIMIT)).isZero();
      assertThat(causeOf(writing)).isInstanceOf(IOException.class);
      assertThatIOException().isThrownBy(() -> head.input().write(1));
    }
  }

  private static Throwable causeOf(FutureTask<?> task) throws InterruptedException {
    try {
      task.get();
      return new AssertionError("nothing was thrown");
    } catch (java.util.concurrent.ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  @Test
  void aCommandThatIsClosedIsKilledWithWhatItStarted() throws Exception {
    Execution sleep = exec("sh", "-c", "echo $$; sleep 1000 & sleep 1000");
    String pid = firstLine(sleep.output());
    sleep.close();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !guest.shell().run("kill -0 " + pid + "; pgrep sleep").isSuccess());
  }

  private static String firstLine(InputStream stream) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  @Test
  void thereIsRoomForSixAtOnceAndMoreWaitTheirTurn() throws Exception {
    List<Execution> cats = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        cats.add(exec("cat"));
      }
      assertThatExceptionOfType(OutOfTimeException.class)
          .isThrownBy(() -> guest.exec(List.of("cat"), Duration.ofMillis(200)));
      for (int i = 0; i < 6; i++) {
        cats.get(i).input().write('a' + i);
        assertThat(cats.get(i).output().read()).isEqualTo('a' + i);
      }
    } finally {
      cats.forEach(Execution::close);
    }
    for (int i = 0; i < 12; i++) {
      guest.shell().run("true").expectSuccess();
    }
  }

  @Test
  void whoWaitsForACommandHearsOfTheEndOfItsNode() throws Exception {
    var topology = Sketch.topology("dies", node("victim").hasChannels("unused"));
    Path other = directory.resolve("other");
    java.nio.file.Files.createDirectories(other);
    try (RecordedRun run = RecordedRun.of(topology, other)) {
      RunningNode victim = run.running().node("victim");
      run.running().awaitReady();
      Execution cat = victim.exec(List.of("cat"));
      FutureTask<Integer> reading = new FutureTask<>(() -> cat.output().read());
      FutureTask<Integer> ending = new FutureTask<>(() -> cat.awaitEnd(LIMIT));
      new Thread(reading, "reads").start();
      new Thread(ending, "waits").start();
      victim.kill();
      assertThat(causeOf(reading)).isInstanceOf(NodeEndedException.class);
      assertThat(causeOf(ending)).isInstanceOf(NodeEndedException.class);
      assertThat(cat.status()).isCompletedExceptionally();
      cat.close();
    }
  }

  /** Of the 96 MiB of that guest, 12 are available once it is up. */
  @Test
  void aGuestWithoutMemoryForTheStreamsIsSpared() throws Exception {
    Path other = java.nio.file.Files.createDirectories(directory.resolve("full"));
    try (RecordedRun run = RecordedRun.of(Sketch.topology("full", node("small")), other)) {
      RunningNode small = run.running().node("small");
      assertThatExceptionOfType(GuestMemoryException.class)
          .isThrownBy(() -> small.exec(List.of("true")))
          .withMessageContaining("the memory of small is too full")
          .withMessageContaining("which takes 14 MiB");
      assertThat(small.shell().run("true").isSuccess()).isTrue();
      assertThat(small.state()).isEqualTo(NodeState.READY);
    }
  }

  @Test
  void usageTellsOfItsQemu() throws Exception {
    NodeUsage first = guest.usage().orElseThrow();
    guest.shell().run("i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done").expectSuccess();
    NodeUsage second = guest.usage().orElseThrow();
    assertThat(ProcessHandle.of(first.pid()).orElseThrow().info().command().orElse(""))
        .contains("qemu");
    assertThat(second.residentBytes()).isBetween(30L * MEGABYTE, 600L * MEGABYTE);
    assertThat(second.cpuTime()).isGreaterThan(first.cpuTime());
    assertThat(second.uptime()).isGreaterThan(first.uptime()).isLessThan(Duration.ofHours(1));
    assertThat(second.cpuShareSince(first)).isPositive();
  }
}
