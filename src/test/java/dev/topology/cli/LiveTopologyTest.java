package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.cli.report.ConsoleLogs;
import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.TerminalTraits;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Request;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A session with a topology of real guests that {@code up --detach} has left running. */
@Timeout(600)
@ResourceLock("signals")
class LiveTopologyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String LIVE =
      """
      nodes: {left: {}, right: {}}
      cables:
        - {name: uplink, ends: [{node: left}, {node: right}]}
        - {name: slow, shaped: true, ends: [{node: left}, {node: right}]}
      """;

  @TempDir private static Path directory;
  private static Place place;

  @BeforeAll
  static void bringUp() throws IOException {
    place = new Place(directory).withImagesOfHost();

    ProgramRun up = place.run("up", "-d", place.file("live.yaml", LIVE));

    assertThat(up).extracting(ProgramRun::code, ProgramRun::err).containsExactly(ExitCode.DONE, "");
    assertThat(up.out()).contains("live: ready after ", "`topology down live` ends it");
  }

  @AfterAll
  static void takeDown() {
    assertThat(place.run("down").code()).isEqualTo(ExitCode.DONE);
    assertThat(place.run("ps").err()).isEqualTo("no topology is running\n");
  }

  @Test
  void whatWasDetachedCanBeAskedForWhenItIsDone() throws Exception {
    Place other = new Place(directory.resolve("other")).withImagesOfHost();
    String task = other.file("task.yaml", "nodes: {left: {command: echo worked}}");

    assertThat(other.run("up", "-d", task).code()).isEqualTo(ExitCode.DONE);

    assertThat(other.run("wait", "task"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "task: done\n", ""));
    assertThat(other.run("logs", "-i", task).out()).contains("left │ worked\n");
    await()
        .atMost(PATIENCE)
        .until(() -> other.run("ps", "-a").out().contains("it has ended (done)"));
  }

  @Test
  void aRunningTopologyBecomesWhatItsFileNowSays() throws Exception {
    Place other = new Place(directory.resolve("grow")).withImagesOfHost();
    String file = other.file("grow.yaml", "nodes: {a: {}}");
    assertThat(other.run("up", "-d", file).code()).isEqualTo(ExitCode.DONE);
    ProgramRun nothing =
        new ProgramRun(ExitCode.DONE, "grow: runs as the file says; nothing to do\n", "");
    assertThat(other.run("apply", file)).isEqualTo(nothing);

    other.file("grow.yaml", "nodes: {a: {memory: little}}");
    assertThat(other.run("apply", file).code()).isEqualTo(ExitCode.WRONG_USAGE);

    Process logs = follow(other, "logs");
    Process events = follow(other, "events");
    other.file("grow.yaml", "nodes: {a: {ports: {80: auto}}, b: {}}");
    String changes = "a: restarts (changed: ports)\nb: starts (new)\n";
    assertThat(other.run("apply", "-n", file))
        .isEqualTo(new ProgramRun(ExitCode.DONE, changes, ""));
    ProgramRun applied = other.run("apply", file);

    assertThat(applied.code()).isEqualTo(ExitCode.DONE);
    assertThat(applied.out()).startsWith(changes + "grow: ready after ");
    assertThat(other.run("ps").out()).containsPattern("a +ready").containsPattern("b +ready");
    assertThat(other.run("events").out()).contains("changed: a: restarts (changed: ports), b: ");
    assertThat(Files.readString(other.user().runtime().resolve("grow").resolve("names")))
        .contains("node a\nnode b\n");
    assertThat(other.run("exec", "b", "--", "hostname").out()).isEqualTo("b\n");
    other.run("exec", "b", "--", "sh", "-c", "echo new here >/dev/hvc0");
    assertThat(other.run("down").code()).isEqualTo(ExitCode.DONE);
    assertThat(new String(logs.getInputStream().readAllBytes(), UTF_8))
        .containsPattern("b . new here\n");
    assertThat(new String(events.getInputStream().readAllBytes(), UTF_8))
        .contains("changed: a: restarts", "b ready after ");
  }

  private static Process follow(Place other, String verb) throws IOException {
    return other.program(List.of(), verb, "-f").start();
  }

  @Test
  void showsWhatNodesTakeOfTheHost() {
    assertThat(place.run("ps").out())
        .startsWith("live: ready, up ")
        .containsPattern("left +ready +[0-9].* s +[0-9.]+ MB +[0-9.]+ s");
    assertThat(place.run("events").out()).contains("left ready after ", "right ready after ");
    assertThat(place.run("logs", "left").out()).contains("left │ ");
  }

  @Test
  void logsAreFollowedAsTheyGrow() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TerminalTraits plain = TerminalTraits.of(Map.of(), ColorChoice.NEVER, false, false);
    Terminal terminal = new Terminal(plain, out, OutputStream.nullOutputStream());
    Path logs = place.user().runtime().resolve("live");
    Map<String, Path> files = new LinkedHashMap<>();
    List.of("left", "right").forEach(node -> files.put(node, logs.resolve(node + ".console")));
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread follower;
    try (ConsoleLogs consoles = new ConsoleLogs(files, terminal)) {
      follower = start(() -> follow(consoles, end));
      for (String text : List.of("one", "two", "three")) {
        String node = text.equals("two") ? "right" : "left";
        place.run("exec", node, "--", "sh", "-c", "echo " + text + " of several >/dev/hvc0");
        await().atMost(PATIENCE).until(() -> out.toString(UTF_8).contains(text + " of several\n"));
      }
      end.complete(null);
      follower.join();
    }
    assertThat(out.toString(UTF_8))
        .containsSubsequence("left  | ", "one of", "right | ", "two of", "left  | ", "three of");
  }

  private static Void follow(ConsoleLogs consoles, CompletableFuture<?> end) throws Exception {
    consoles.follow(end, file -> Optional.empty());
    return null;
  }

  @Test
  void guestsSeeThatACableIsCutAndJoined() {
    assertThat(carrier()).isEqualTo("1\n");

    assertThat(place.run("cable", "cut", "uplink").out()).isEqualTo("uplink: cut\n");
    assertThat(carrier()).isEqualTo("0\n");
    assertThat(place.run("cable", "list").out()).containsPattern("uplink .* cut ");

    assertThat(place.run("cable", "join", "uplink").out()).isEqualTo("uplink: joined\n");
    assertThat(carrier()).isEqualTo("1\n");
  }

  private static String carrier() {
    return place.run("exec", "left", "--", "cat", "/sys/class/net/eth1/carrier").out();
  }

  @Test
  void twoWhoCutAndJoinAtOnceAreBothAnswered() {
    CompletableFuture<ProgramRun> cutting =
        CompletableFuture.supplyAsync(() -> place.run("cable", "cut", "slow"));
    CompletableFuture<ProgramRun> joining =
        CompletableFuture.supplyAsync(() -> place.run("cable", "join", "slow"));

    assertThat(cutting.join().code()).isEqualTo(ExitCode.DONE);
    assertThat(joining.join().code()).isEqualTo(ExitCode.DONE);
    assertThat(place.run("cable", "join", "slow").code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void bytesOfWhateverKindPassThroughAProgramInANode() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Request.Exec request =
        new Request.Exec("left", List.of("sh", "-c", "cat; echo no >&2; exit 7"));
    byte[] input = new byte[400_000];
    new Random(4711).nextBytes(input);
    try (ControlClient client = connect()) {
      var answer =
          client.call(
              request,
              new ControlClient.Listener() {
                @Override
                public void data(String stream, byte[] bytes) {
                  (stream.equals("err") ? err : out).writeBytes(bytes);
                }
              },
              new ByteArrayInputStream(input));

      assertThat(answer.status()).isEqualTo(7);
    }
    assertThat(out.toByteArray()).isEqualTo(input);
    assertThat(err.toString(UTF_8)).isEqualTo("no\n");
  }

  @Test
  void aProgramInANodeIsAsOneHere() {
    InputStream input = new ByteArrayInputStream("one\ntwo\n".getBytes(UTF_8));
    assertThat(ProgramRun.of(place.user(), input, "exec", "left", "--", "tail", "-n", "1"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "two\n", ""));
    assertThat(place.run("exec", "left", "--", "sh", "-c", "echo a; echo b >&2"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "a\n", "b\n"));
    assertThat(statusOf("exec", "left", "--", "sh", "-c", "exit 42")).isEqualTo(42);
    assertThat(statusOf("exec", "left", "--", "sh", "-c", "kill -9 $$")).isEqualTo(128 + 9);
    assertThat(statusOf("exec", "left", "--", "missing")).isEqualTo(127);
  }

  private static int statusOf(String... arguments) {
    TerminalTraits plain = TerminalTraits.of(Map.of(), ColorChoice.NEVER, false, false);
    OutputStream nowhere = OutputStream.nullOutputStream();
    return new Main(
            place.user(),
            choice -> new Terminal(plain, nowhere, nowhere),
            InputStream.nullInputStream())
        .statusOf(arguments);
  }

  @Test
  void aProgramInANodeEndsWithWhoRunsIt() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    try (ControlClient client = connect()) {
      Request.Exec request = new Request.Exec("left", List.of("sh", "-c", "echo; exec sleep 4711"));
      start(
          () ->
              client.call(
                  request,
                  new ControlClient.Listener() {
                    @Override
                    public void data(String stream, byte[] bytes) {
                      started.countDown();
                    }
                  }));
      started.await();
      await().atMost(PATIENCE).until(() -> programs().contains("sleep 4711"));
    }

    await().atMost(PATIENCE).until(() -> !programs().contains("sleep 4711"));
  }

  private static String programs() {
    return place.run("exec", "left", "--", "ps").out();
  }

  @Test
  void aRestartedNodeIsANewGuest() {
    place.run("exec", "right", "--", "touch", "/tmp/here");

    assertThat(place.run("restart", "right"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "right: restarted\n", ""));

    assertThat(place.run("exec", "right", "--", "ls", "/tmp").out()).isEmpty();
    assertThat(place.run("events").out()).contains("right restarted");
    assertThat(place.run("ps").out()).containsPattern("right +ready");
    assertThat(place.run("exec", "left", "--", "ping", "-c", "1", "right").code())
        .isEqualTo(ExitCode.DONE);
  }

  @Test
  void aCaptureIsWrittenOverNoOtherFile() throws Exception {
    String lab = place.file("notes.txt", "important");

    assertThat(place.run("cable", "capture", "uplink", "-w", lab))
        .isEqualTo(
            new ProgramRun(
                ExitCode.WRONG_USAGE,
                "",
                "topology: cannot capture into "
                    + directory.resolve(lab)
                    + ": it is there already, and is no capture\n"
                    + "  name another file, or remove this one\n"));
    assertThat(directory.resolve(lab)).hasContent("important");
    assertThat(place.run("cable", "capture", "uplink", "-w", "/dev/full").err())
        .contains("it is not a regular file");
  }

  @Test
  void aShaperIsChangedInTheWordsOfTheFile() {
    assertThat(place.run("cable", "shape", "slow", "delay=5ms", "rate=100Mbit").out())
        .isEqualTo("slow: delay=5ms rate=100Mbit\n");
    assertThat(place.run("cable", "shape", "slow", "delay=0ms", "rate=none").out())
        .isEqualTo("slow: idle\n");
    assertThat(place.run("cable", "shape", "slow", "dely=5ms"))
        .extracting(ProgramRun::code, ProgramRun::err)
        .containsExactly(
            ExitCode.WRONG_USAGE, "topology: a shaper has no \"dely\": did you mean \"delay\"?\n");
    assertThat(place.run("cable", "shape", "uplink", "delay=5ms"))
        .extracting(ProgramRun::code)
        .isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void aCaptureIsLiveAndEndsWithItsReader() throws Exception {
    ByteArrayOutputStream pcap = new ByteArrayOutputStream();
    ControlClient client = connect();
    CompletableFuture<Void> capturing = CompletableFuture.runAsync(() -> capture(client, pcap));
    await().atMost(PATIENCE).until(() -> size(pcap) >= 24);

    place.run("exec", "left", "--", "ping", "-c", "1", "right");
    await().atMost(PATIENCE).until(() -> size(pcap) > 24 + 2 * (16 + 98));
    client.close();

    await().atMost(PATIENCE).until(capturing::isDone);
    assertThat(pcap.toByteArray()).startsWith(0xD4, 0xC3, 0xB2, 0xA1);
    assertThat(place.run("ps").out()).contains("live: ready");
  }

  private static void capture(ControlClient client, ByteArrayOutputStream pcap) {
    try {
      client.call(
          new Request.CaptureCable("uplink"),
          new ControlClient.Listener() {
            @Override
            public void data(String stream, byte[] bytes) {
              synchronized (pcap) {
                pcap.writeBytes(bytes);
              }
            }
          });
    } catch (ControlException | IOException e) {
      assertThat(e)
          .isInstanceOfSatisfying(
              ControlException.class, it -> assertThat(it.id()).isEqualTo(ErrorId.LOST));
    }
  }

  private static int size(ByteArrayOutputStream bytes) {
    synchronized (bytes) {
      return bytes.size();
    }
  }

  /** Whatever is done to a node or a cable, in the order in which it is done. */
  @Test
  void eventsTellOfWhatIsDoneToNodesAndCables() throws Exception {
    place.run("cable", "cut", "uplink");
    place.run("cable", "cut", "uplink");
    place.run("cable", "join", "uplink");
    place.run("cable", "shape", "slow", "delay=7ms", "rate=none");
    place.run("pause", "left");
    place.run("resume", "left");
    ByteArrayOutputStream pcap = new ByteArrayOutputStream();
    ControlClient client = connect();
    CompletableFuture<Void> capturing = CompletableFuture.runAsync(() -> capture(client, pcap));
    await().atMost(PATIENCE).until(() -> size(pcap) >= 24);
    client.close();
    capturing.join();
    await().atMost(PATIENCE).until(() -> events().contains("uplink a capture has ended: "));

    assertThat(events().lines().map(line -> line.replaceFirst("^[0-9:.]+  ", "")))
        .containsSubsequence(
            "uplink cut",
            "uplink joined",
            "slow shaped: delay=7ms",
            "left paused",
            "left resumed",
            "uplink a capture has begun");
    assertThat(place.run("events", "--format", "json").out())
        .contains("\"event\":\"cable-cut\",\"cable\":\"uplink\",\"text\":\"cut\"");
  }

  private String events() {
    return place.run("events").out();
  }

  @Test
  void severalShareAConsole() throws Exception {
    try (ControlClient one = connect();
        ControlClient other = connect();
        PipedOutputStream keys = new PipedOutputStream();
        PipedOutputStream noKeys = new PipedOutputStream()) {
      ByteArrayOutputStream seenByOne = look(one, new PipedInputStream(keys));
      ByteArrayOutputStream seenByOther = look(other, new PipedInputStream(noKeys));

      keys.write("echo $((6 * 7))-shared\n".getBytes(UTF_8));
      keys.flush();

      await().atMost(PATIENCE).until(() -> seenByOne.toString(UTF_8).contains("42-shared\r\n"));
      await().atMost(PATIENCE).until(() -> seenByOther.toString(UTF_8).contains("42-shared\r\n"));
    }
  }

  private static ByteArrayOutputStream look(ControlClient client, PipedInputStream keys) {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    start(
        () ->
            client.call(
                new Request.Console("right"),
                new ControlClient.Listener() {
                  @Override
                  public void data(String stream, byte[] bytes) {
                    seen.writeBytes(bytes);
                  }
                },
                keys));
    return seen;
  }

  /** Asks for something that lasts until the connection is closed. */
  private static Thread start(Callable<?> call) {
    Thread caller =
        new Thread(
            () -> {
              try {
                call.call();
              } catch (Exception closed) {
                Thread.currentThread().interrupt();
              }
            });
    caller.setDaemon(true);
    caller.start();
    return caller;
  }

  @Test
  void aNodeIsPausedAndGoesOn() {
    place.run("pause", "right");
    assertThat(place.run("ps").out()).containsPattern("right +paused");
    assertThat(place.run("exec", "right", "true"))
        .isEqualTo(
            new ProgramRun(
                ExitCode.REFUSED, "", "topology: right is paused\n  topology resume right\n"));

    place.run("resume");
    assertThat(place.run("ps").out()).containsPattern("right +ready");
  }

  private static ControlClient connect() throws ControlException {
    return ControlClient.connect(place.user().runtime().resolve("live")).orElseThrow();
  }
}
