package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.exec.Execution;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.NodeUsage;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.NodeEndedException;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands in one guest, with their streams. */
@Timeout(600)
class ExecutionTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int MEGABYTE = 1 << 20;

  @TempDir static Path directory;

  private static RunningTopology running;

  /** How many the agent has open: it is the parent of the shell that asks. */
  private static final String DESCRIPTORS = "ls /proc/$PPID/fd | wc -l";

  private static RunningNode guest;

  @BeforeAll
  static void start() throws Exception {
    var topology = TestNode.topology("executes", node("guest").hasChannels("unused"));
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
        .atMost(Duration.ofMinutes(10))
        .until(() -> !guest.shell().run("kill -0 " + pid + "; pgrep sleep").isSuccess());
  }

  private static String firstLine(InputStream stream) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  /** Each byte is asked for before the next is sent, so that one held back would hang it. */
  @Test
  void everyByteOfSixCommandsPassesAtOnce() throws Exception {
    List<Execution> cats = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        cats.add(exec("cat"));
      }
      for (int value = 0; value < 256; value++) {
        for (Execution cat : cats) {
          cat.input().write(value);
        }
        for (Execution cat : cats) {
          assertThat(cat.output().read()).isEqualTo(value);
        }
      }
    } finally {
      cats.forEach(Execution::close);
    }
    for (int i = 0; i < 12; i++) {
      guest.shell().run("true").expectSuccess();
    }
  }

  @Test
  void piecesOfAnySizePassAtOnce() throws Exception {
    Random random = new Random(5);
    try (Execution cat = exec("cat")) {
      for (int i = 0; i < 200; i++) {
        byte[] piece = new byte[1 + random.nextInt(i % 10 == 0 ? 60_000 : 100)];
        random.nextBytes(piece);
        cat.input().write(piece);
        assertThat(cat.output().readNBytes(piece.length)).isEqualTo(piece);
      }
    }
  }

  @Test
  void oneThatNobodyReadsHoldsUpNoOther() throws Exception {
    try (Execution flood = exec("yes");
        Execution other = exec("seq", "1", "200000")) {
      assertThat(other.output().readAllBytes()).hasSize(1_288_895);
      assertThat(flood.output().read()).isEqualTo('y');
    }
  }

  @Test
  void whatACommandLeavesBehindNeitherHoldsItUpNorDies() throws Exception {
    try (Execution shell =
        exec("sh", "-c", "(sleep 1; yes | head -c 300000; sleep 1000) & echo $!")) {
      String pid = firstLine(shell.output());
      assertThat(shell.output().read()).isEqualTo(-1);
      assertThat(shell.awaitEnd(LIMIT)).isZero();
      await()
          .atMost(Duration.ofMinutes(10))
          .until(
              () ->
                  guest
                              .shell()
                              .run("pgrep -P " + pid + " sleep; pgrep -P " + pid + " head")
                              .status()
                          != 0
                      || guest.shell().run("pgrep -f 'sleep 1000'").isSuccess());
      guest.shell().run("kill -0 " + pid + " && kill -9 " + pid).expectSuccess();
    }
  }

  @Test
  void onlyWhatACommandHasReadCountsAsRead() throws Exception {
    AtomicInteger read = new AtomicInteger();
    try (Execution shell = exec("sh", "-c", "read -r line; echo $line")) {
      shell.onInputRead(read::addAndGet);
      shell.input().write("first\nsecond\n".getBytes(UTF_8));
      assertThat(firstLine(shell.output())).isEqualTo("first");
      assertThat(shell.awaitEnd(LIMIT)).isZero();
      assertThat(read).hasValue("first\n".length());
    }
  }

  @Test
  void aSignalReachesTheCommand() throws Exception {
    try (Execution shell =
        exec("sh", "-c", "trap 'echo caught; exit 3' INT; echo on; while :; do sleep 0.1; done")) {
      assertThat(firstLine(shell.output())).isEqualTo("on");
      shell.signal(2);
      assertThat(firstLine(shell.output())).isEqualTo("caught");
      assertThat(shell.awaitEnd(LIMIT)).isEqualTo(3);
    }
    try (Execution sleep = exec("sleep", "1000")) {
      sleep.signal(15);
      assertThat(sleep.awaitEnd(LIMIT)).isEqualTo(128 + 15);
    }
  }

  @Test
  void aTerminalHasItsSizeAndTakesKeys() throws Exception {
    try (Execution shell =
        guest.execOnTerminal(
            List.of("sh", "-c", "stty size; echo $TERM; read x; stty size; sleep 1000"),
            33,
            111,
            "xterm")) {
      assertThat(firstLine(shell.output())).isEqualTo("33 111\r");
      assertThat(firstLine(shell.output())).isEqualTo("xterm\r");
      shell.resize(44, 55);
      shell.input().write('\r');
      assertThat(firstLine(shell.output())).isEqualTo("\r");
      assertThat(firstLine(shell.output())).isEqualTo("44 55\r");
      shell.input().write(3);
      assertThat(shell.awaitEnd(LIMIT)).isEqualTo(128 + 2);
      assertThat(shell.errors().read()).isEqualTo(-1);
    }
  }

  /** The end is a Ctrl-D of the agent's own, of which the host must not be told. */
  @Test
  void theInputOfATerminalHasAnEnd() throws Exception {
    try (Execution cat =
        guest.execOnTerminal(List.of("sh", "-c", "cat; echo over"), 24, 80, "dumb")) {
      cat.input().close();
      assertThat(firstLine(cat.output())).isEqualTo("over\r");
      assertThat(cat.awaitEnd(LIMIT)).isZero();
    }
    assertThat(guest.shell().run("exit 7").status()).isEqualTo(7);
  }

  @Test
  void aThousandCommandsLeaveNothingBehind() throws Exception {
    // A process that ended just now is a zombie until its parent has looked.
    await().until(() -> zombies() == 0);
    String before = guest.shell().run(DESCRIPTORS).output();
    for (int i = 0; i < 1000; i++) {
      assertThat(guest.shell().run("exit $((" + i + " % 7))").status()).isEqualTo(i % 7);
    }
    assertThat(guest.shell().run(DESCRIPTORS).output()).isEqualTo(before);
    await().until(() -> zombies() == 0);
  }

  private static int zombies() throws Exception {
    String count = "cat /proc/[0-9]*/stat 2>/dev/null | grep -c ' Z '";
    return Integer.parseInt(guest.shell().run(count).output());
  }

  /** What runs needs no file; what cannot run says so. */
  @Test
  void aFullDiskAndTooFewProcessesAreNoSuccess() throws Exception {
    guest.shell().run("dd if=/dev/zero of=/tmp/fill bs=64k count=100000 2>/dev/null");
    try {
      assertThat(guest.shell().run("exit 7").status()).isEqualTo(7);
      assertThat(guest.shell().run("echo hello").output()).isEqualTo("hello");
      try (Execution echo = exec("echo", "hello")) {
        assertThat(firstLine(echo.output())).isEqualTo("hello");
      }
      assertThat(guest.shell().run("echo x >/tmp/more").isSuccess()).isFalse();
    } finally {
      guest.shell().run("rm /tmp/fill").expectSuccess();
    }
    assertThatExceptionOfType(GuestAgentException.class)
        .isThrownBy(() -> guest.shell().run("yes", LIMIT))
        .withMessageContaining("wrote more than 64 MiB");
  }

  @Test
  void whoWaitsForACommandHearsOfTheEndOfItsNode() throws Exception {
    var topology = TestNode.topology("dies", node("victim").hasChannels("unused"));
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
      assertThat(cat.status())
          .failsWithin(LIMIT)
          .withThrowableThat()
          .withCauseInstanceOf(NodeEndedException.class);
      cat.close();
    }
  }

  /** Twelve MiB of its 96 are available once it is up; a command's streams take some KiB. */
  @Test
  void aSmallGuestRunsManyCommandsAtOnce() throws Exception {
    Path other = java.nio.file.Files.createDirectories(directory.resolve("full"));
    try (RecordedRun run = RecordedRun.of(TestNode.topology("full", node("small")), other)) {
      RunningNode small = run.running().node("small");
      List<Execution> cats = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        cats.add(small.exec(List.of("cat")));
      }
      for (Execution cat : cats) {
        cat.input().write('x');
        assertThat(cat.output().read()).isEqualTo('x');
        cat.close();
      }
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
