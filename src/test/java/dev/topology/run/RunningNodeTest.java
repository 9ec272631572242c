package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Mark;
import dev.topology.model.Readiness;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.exec.CommandResult;
import dev.topology.run.exec.CommandResult.CommandFailedException;
import dev.topology.run.node.Channel;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can be done with one running node: one guest, which is ready by a channel. */
class RunningNodeTest {

  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final int MEGABYTE = 1 << 20;

  @TempDir static Path directory;

  private static RunningTopology running;
  private static RunningNode talker;

  @BeforeAll
  static void start() throws Exception {
    var sketch =
        node("talker")
            .hasChannels("results", "bulk", "busy", "silent")
            .publishes(80)
            .readyWhen(
                new Readiness(Optional.of(new Condition.ChannelByte("results")), Optional.empty()))
            .runs("echo first >/dev/virtio-ports/results; exec sh -i");
    var plan =
        Planner.plan(
            TestNode.topology("talks", sketch),
            TestHost.facts(),
            new PlanOptions(directory.toAbsolutePath()).withKernelLogApart());
    running = RunningTopology.start(plan, RunListener.SILENT);
    talker = running.node("talker");
    running.awaitReady();
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  @Test
  void theByteThatMadeItReadyIsStillThere() throws Exception {
    assertThat(talker.state()).isEqualTo(NodeState.READY);
    assertThat(talker.channel("results").input().readNBytes(6))
        .isEqualTo("first\n".getBytes(UTF_8));
  }

  @Test
  void itsConsoleAnswersWhatIsTyped() throws Exception {
    Mark before = talker.console().mark();
    talker.console().sendLine("echo six times $((7 - 1)) is $((6 * 6))");
    assertThat(talker.console().from(before).expect(Pattern.compile("^six times 6 is (\\d+)$")))
        .satisfies(match -> assertThat(match.groups()).containsExactly("36"));
    assertThat(talker.console().text()).contains("six times 6 is 36");
  }

  @Test
  void aKernelMessageDoesNotSplitTheWordThatATestWaitsFor() throws Exception {
    String command = "printf 'a spl'; echo '<1>in the way' >/dev/kmsg; printf 'it%s word\\n' ''";
    talker.console().sendLine(command);
    assertThat(talker.console().expect("a split word").text()).isEqualTo("a split word");
    assertThat(talker.kernelLog().orElseThrow().expect("in the way").text()).isNotEmpty();
    assertThat(directory.resolve("talker.kernel")).content().contains("in the way");
    assertThat(talker.console().text()).doesNotContain("] in the way");
  }

  @Test
  void aWaitThatIsInVainSaysWhatTheConsoleShowed() {
    assertThatExceptionOfType(ExpectationException.class)
        .isThrownBy(() -> talker.console().expect("never to be seen", MOMENT))
        .withMessageStartingWith("talker did not print \"never to be seen\" within 0.1 s")
        .withMessageContaining("the end of its console");
  }

  @Test
  void aWaitCanBeInterrupted() {
    assertInterruptible(() -> talker.console().expect("never to be seen"), "expect");
    assertInterruptible(() -> talker.shell().run("sleep 1000"), "run");
    assertInterruptible(() -> talker.awaitEnd(Duration.ofDays(1)), "awaitEnd");
    Callable<Integer> read = () -> talker.channel("silent").read(ByteBuffer.allocate(1));
    assertThat(interrupted(read, "read")).isInstanceOf(InterruptedIOException.class);
  }

  private static void assertInterruptible(Callable<?> call, String method) {
    assertThat(interrupted(call, method)).isInstanceOf(InterruptedException.class);
  }

  /** What a call throws that is interrupted once it waits. */
  private static Throwable interrupted(Callable<?> call, String method) {
    FutureTask<Object> task = new FutureTask<>(call::call);
    Thread waiter = new Thread(task, "waiter-" + method);
    waiter.start();
    await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
    waiter.interrupt();
    Throwable thrown = catchThrowableOfType(ExecutionException.class, task::get);
    return Objects.requireNonNull(thrown.getCause());
  }

  @Test
  void commandsComeBackWithTheirStatusAndBothOutputs() throws Exception {
    CommandResult result = talker.shell().run("echo out; echo err >&2\nprintf '\\0'; exit 3");
    assertThat(result.status()).isEqualTo(3);
    assertThat(result.output()).isEqualTo("out\n\0");
    assertThat(result.errors()).isEqualTo("err");
    assertThatExceptionOfType(CommandFailedException.class)
        .isThrownBy(result::expectSuccess)
        .withMessageContaining("on talker ended with exit status 3")
        .withMessageContaining("err");
    assertThat(talker.shell().run("true").expectSuccess().output()).isEmpty();
  }

  @Test
  void theOutputOfACommandMayBeLargeAndAnything() throws Exception {
    CommandResult result =
        talker.shell().run("head -c 1048576 /dev/urandom | tee /tmp/large; md5sum </tmp/large >&2");
    assertThat(result.outputBytes()).hasSize(MEGABYTE);
    assertThat(result.errors()).startsWith(md5(result.outputBytes()));
  }

  private static String md5(byte[] bytes) throws Exception {
    byte[] digest = MessageDigest.getInstance("MD5").digest(bytes);
    return HexFormat.of().formatHex(digest);
  }

  @Test
  void commandsOfSeveralThreadsRunBesideEachOther() throws Exception {
    FutureTask<CommandResult> waits =
        new FutureTask<>(
            () -> talker.shell().run("until [ -e /tmp/come ]; do sleep 0.05; done; echo went"));
    new Thread(waits, "waits-for-another").start();
    talker.shell().run("touch /tmp/come").expectSuccess();
    assertThat(waits.get().output()).isEqualTo("went");
  }

  @Test
  void aCommandThatTakesTooLongIsKilled() throws Exception {
    assertThatExceptionOfType(OutOfTimeException.class)
        .isThrownBy(
            () -> talker.shell().run("echo $$ >/tmp/late; sleep 1000", Duration.ofSeconds(2)))
        .withMessageContaining("talker took longer than 2 s before its command");
    await().until(() -> !talker.shell().run("kill -0 $(cat /tmp/late)").isSuccess());
  }

  @Test
  void aChannelCarriesAMegabyteEachWay() throws Exception {
    byte[] bytes = new byte[MEGABYTE];
    new Random(7).nextBytes(bytes);
    Channel bulk = talker.channel("bulk");
    FutureTask<CommandResult> guest =
        new FutureTask<>(
            () ->
                talker
                    .shell()
                    .run(
                        "exec 5<>/dev/virtio-ports/bulk; head -c 1048576 <&5 >/tmp/in;"
                            + " cat /tmp/in >&5"));
    new Thread(guest, "guest-of-bulk").start();
    assertThat(bulk.write(ByteBuffer.wrap(bytes))).isEqualTo(MEGABYTE);
    assertThat(bulk.input().readNBytes(MEGABYTE)).isEqualTo(bytes);
    guest.get().expectSuccess();
  }

  @Test
  void aChannelThatNobodyReadsHoldsUpNobodyButItsWriter() throws Exception {
    talker.shell().run("setsid cat /dev/zero >/dev/virtio-ports/busy &").expectSuccess();
    talker.shell().run("echo busy >/dev/hvc0").expectSuccess();
    assertThat(talker.console().expect("busy").text()).isEqualTo("busy");
    assertThat(talker.channel("busy").input().readNBytes(100_000)).containsOnly(0);
  }

  @Test
  void aChannelThatStaysSilentCostsItsDeadline() {
    Channel silent = talker.channel("silent").within(MOMENT);
    assertThatExceptionOfType(OutOfTimeException.class)
        .isThrownBy(() -> silent.read(ByteBuffer.allocate(1)))
        .withMessageContaining("talker took longer than 0.1 s before it wrote to channel");
    assertThatExceptionOfType(OutOfTimeException.class)
        .isThrownBy(() -> silent.write(ByteBuffer.allocate(10 * MEGABYTE)));
  }

  @Test
  void aGuestThatIsHeldDoesNothing() throws Exception {
    talker.pause();
    try {
      assertThatExceptionOfType(OutOfTimeException.class)
          .isThrownBy(() -> talker.shell().run("true", MOMENT));
    } finally {
      talker.resume();
    }
    talker.shell().run("true").expectSuccess();
  }

  @Test
  void namesThatDoNotExistAreToldFromThoseThatDo() {
    assertThatExceptionOfType(UnknownNameException.class)
        .isThrownBy(() -> running.node("takler"))
        .withMessage("topology \"talks\" has no node \"takler\"; there is talker");
    assertThatExceptionOfType(UnknownNameException.class)
        .isThrownBy(() -> talker.channel("bizy"))
        .withMessageContaining("has no channel \"bizy\"; there is busy, bulk");
    assertThatExceptionOfType(UnknownNameException.class)
        .isThrownBy(() -> running.cable("left-right"))
        .withMessageContaining("it has no cable at all");
    assertThatExceptionOfType(UnknownNameException.class)
        .isThrownBy(() -> talker.hostPort(22))
        .withMessageContaining("there is 80");
  }

  /** Set wrong by hand, as a pause of some seconds would: then nothing has to wait. */
  @Test
  void itsClockIsRightAfterItWasHeld() throws Exception {
    talker.shell().run("date -s @1000000000").expectSuccess();
    talker.pause();
    talker.resume();
    long seconds = Long.parseLong(talker.shell().run("date +%s").output());
    assertThat(Math.abs(Instant.now().getEpochSecond() - seconds)).isLessThan(60);
  }

  @Test
  void itsPortIsOpenToTheHost() throws Exception {
    talker.shell().run("echo hello >/tmp/page; setsid httpd -p 80 -h /tmp").expectSuccess();
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), running.hostPort("talker", 80))) {
      socket.getOutputStream().write("GET /page HTTP/1.0\r\n\r\n".getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).endsWith("hello\n");
    }
  }

  @Test
  void whatHappenedIsToldInOrderHoweverLateOneAsks() throws IOException {
    var heard = new CopyOnWriteArrayList<RunEvent>();
    running.onEvent(heard::add);
    assertThat(heard).isEqualTo(running.events());
    assertThat(heard.stream().map(event -> event.getClass().getSimpleName()))
        .startsWith("Launched", "NodeStarted", "NodeReady");
  }
}
