package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.topology.model.Cable.Shaper;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.run.cable.Capture;
import dev.topology.run.exec.CommandResult;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real guests say to each other, written down: over a plain wire, and over a shaper. */
class CaptureTest {

  private static final String CABLE = "near:eth1--far:eth1";

  @TempDir Path directory;

  @Test
  void aPlainCableIsCaptured() throws Exception {
    Path whole = directory.resolve("whole.pcap");
    Instant start = Instant.now();
    try (RecordedRun run = run(Optional.of(whole), Optional.empty())) {
      captures(run.running());

      assertThatIllegalStateException()
          .isThrownBy(() -> run.running().cable(CABLE).shape(Shaping.NONE))
          .withMessageContaining("write \"shaped: true\"");
      assertThat(run.running().cable(CABLE).counters()).isEmpty();
    }
    wholeRunIsIn(whole, start);
  }

  @Test
  void aShapedCableIsCapturedAndShaped() throws Exception {
    Path whole = directory.resolve("whole.pcap");
    Instant start = Instant.now();
    try (RecordedRun run = run(Optional.of(whole), Optional.of(new Shaper(Shaping.NONE, 1)))) {
      captures(run.running());
      shapes(run.running().node("near"), run.running().cable(CABLE));
    }
    wholeRunIsIn(whole, start);
  }

  private RecordedRun run(Optional<Path> capture, Optional<Shaper> shaper) {
    return RecordedRun.of(
        TestNode.pair("capture", node("near"), node("far"), capture, shaper), directory);
  }

  /** From the first frame to the last, at the times when they passed. */
  private static void wholeRunIsIn(Path file, Instant start) throws Exception {
    Packets packets = Packets.in(file);

    // One of each in every burst of pings of this test.
    assertThat(packets.pings()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(packets.all())
        .allSatisfy(packet -> assertThat(packet.at()).isBetween(start, Instant.now()));
    assertThat(packets.all().get(0).at()).isBefore(packets.pings().get(0).at());
  }

  private void captures(RunningTopology running) throws Exception {
    running.awaitReady();
    RunningNode near = running.node("near");
    RunningCable cable = running.cable(CABLE);
    Path file = directory.resolve("some.pcap");
    ByteArrayOutputStream live = new ByteArrayOutputStream();
    StuckReader stuck = new StuckReader();
    ping(near, 1).expectSuccess();

    Capture intoFile = cable.capture(file);
    Capture intoStream = cable.capture(live);
    Capture intoNothing = cable.capture(stuck);
    Capture intoFullDisk = cable.capture(new FileOutputStream("/dev/full"));
    Instant before = Instant.now();
    ping(near, 2).expectSuccess();
    intoFile.close();
    Instant after = Instant.now();
    ping(near, 1).expectSuccess();
    intoStream.close();

    Packets some = Packets.in(file);
    assertThat(some.pings()).hasSize(2);
    assertThat(some.pongs()).hasSize(2);
    assertThat(some.all()).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    assertThat(some.pings()).allSatisfy(it -> assertThat(it.at()).isBetween(before, after));
    assertThat(Packets.in(live.toByteArray()).pings()).hasSize(3);
    assertThat(intoStream.frames()).isGreaterThanOrEqualTo(6);
    assertThat(intoStream.dropped()).isZero();
    assertThat(intoStream.failure()).isEmpty();
    fullDiskHarmsNobody(intoFullDisk);
    assertThatExceptionOfType(java.nio.file.NoSuchFileException.class)
        .isThrownBy(() -> cable.capture(directory.resolve("no/such/directory.pcap")));
    stuck.letGo();
    intoNothing.close();
    ping(near, 1).expectSuccess();
  }

  private static void fullDiskHarmsNobody(Capture capture) {
    await().atMost(Duration.ofMinutes(10)).until(() -> capture.ended().isDone());
    assertThat(capture.failure()).hasValueSatisfying(why -> assertThat(why).contains("No space"));
    capture.close();
  }

  private static void shapes(RunningNode near, RunningCable cable) throws Exception {
    cable.shape(Shaping.NONE.withLoss(Share.ofPercent(100)));
    assertThat(ping(near, 1).isSuccess()).isFalse();
    assertThat(cable.counters().orElseThrow().leftToRight().lost()).isPositive();

    cable.shape(Shaping.NONE.withDelay(Duration.ofMillis(100)));
    String output = ping(near, 1).expectSuccess().output();
    assertThat(output).containsPattern("time=2[0-9][0-9]\\.");
    assertThat(cable.shaping().orElseThrow().delay()).isEqualTo(Duration.ofMillis(100));
  }

  private static CommandResult ping(RunningNode node, int count) throws InterruptedException {
    return node.shell().run("ping -c " + count + " -i 0.2 -W 2 far");
  }

  /** Takes nothing until it is let go. */
  private static final class StuckReader extends OutputStream {

    private final CountDownLatch latch = new CountDownLatch(1);

    void letGo() {
      latch.countDown();
    }

    @Override
    public void write(int one) {
      awaitLatch();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      awaitLatch();
    }

    private void awaitLatch() {
      try {
        assertThat(latch.await(10, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
