package dev.topology.run.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.run.cable.CaptureFile.Pcap;
import dev.topology.run.cable.Dump.QemuDump;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Frames into files and streams, good ones and bad ones. */
@Timeout(600)
class CaptureWriterTest {

  private static final int HEADER = 24;
  private static final int RECORD_HEADER = 16;

  @TempDir Path directory;

  @Test
  void writesWhatLibpcapReads() throws Exception {
    Path file = directory.resolve("two.pcap");
    try (Capture capture = Capture.into(file, "test")) {
      capture.offer(1_700_000_000_000_042L, frame(60), 0, 60);
      capture.offer(1_700_000_001_999_999L, frame(1514), 4, 100);
    }

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo(HEADER + 2 * RECORD_HEADER + 60 + 100);
    assertThat(bytes.getInt(0)).isEqualTo(0xa1b2c3d4);
    assertThat(bytes.getShort(4)).isEqualTo((short) 2);
    assertThat(bytes.getShort(6)).isEqualTo((short) 4);
    assertThat(bytes.getInt(20)).isEqualTo(1);
    assertThat(bytes.getInt(HEADER)).isEqualTo(1_700_000_000);
    assertThat(bytes.getInt(HEADER + 4)).isEqualTo(42);
    assertThat(bytes.getInt(HEADER + 8)).isEqualTo(60);
    assertThat(bytes.getInt(HEADER + 12)).isEqualTo(60);
    int second = HEADER + RECORD_HEADER + 60;
    assertThat(bytes.getInt(second + 4)).isEqualTo(999_999);
    assertThat(bytes.get(second + RECORD_HEADER)).isEqualTo((byte) 4);
  }

  @Test
  void beginsAStreamBeforeThereIsAFrame() {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (Capture capture = Capture.into(stream, "test")) {
      await().until(() -> stream.size() == HEADER);
      capture.offer(1, frame(60), 0, 60);
      await().until(() -> capture.frames() == 1);
      assertThat(stream.size()).isEqualTo(HEADER + RECORD_HEADER + 60);
    }
  }

  @Test
  void dropsWhatASlowReaderDoesNotTake() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    int frames = 10_000;
    try (Capture capture = Capture.into(stuckUntil(latch), "test")) {
      for (int i = 0; i < frames; i++) {
        capture.offer(i, frame(1514), 0, 1514);
      }
      assertThat(capture.dropped()).isBetween(1L, frames - 1L);
      latch.countDown();
      await().until(() -> capture.frames() + capture.dropped() == frames);
    }
  }

  @Test
  void givesUpAReaderThatNeverReads() {
    Capture capture = Capture.into(stuckUntil(new CountDownLatch(1)), "test");
    capture.offer(1, frame(60), 0, 60);

    capture.close();

    await().until(() -> capture.ended().isDone());
    assertThat(capture.failure()).isPresent();
    assertThat(capture.dropped()).isEqualTo(1);
  }

  @Test
  void aFullDiskEndsItAndNothingElse() throws Exception {
    try (OutputStream full = new FileOutputStream("/dev/full");
        Capture capture = Capture.into(full, "test")) {
      await().until(() -> capture.ended().isDone());

      capture.offer(1, frame(60), 0, 60);

      assertThat(capture.dropped()).isEqualTo(1);
      assertThat(capture.failure().orElseThrow()).contains("No space left");
    }
  }

  @Test
  void readsTheDumpOfAQemuWhoseClockIsWrong() throws Exception {
    ByteArrayOutputStream live = new ByteArrayOutputStream();
    Instant before = Instant.now();
    try (Capture capture = Capture.into(live, "test")) {
      ByteBuffer dump = ByteBuffer.allocate(1000).order(ByteOrder.nativeOrder());
      dump.put(Pcap.header());
      // Stamped in another century, a millisecond apart.
      dump.putInt(1000).putInt(5000).putInt(60).putInt(60).put(new byte[60]);
      dump.putInt(1000).putInt(6000).putInt(70).putInt(70).put(new byte[70]);
      ByteArrayInputStream input = new ByteArrayInputStream(dump.array(), 0, dump.position());
      new QemuDump(input, capture).read();
    }

    ByteBuffer written = ByteBuffer.wrap(live.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(written.capacity()).isEqualTo(HEADER + 2 * RECORD_HEADER + 60 + 70);
    Instant first = stamp(written, HEADER);
    Instant second = stamp(written, HEADER + RECORD_HEADER + 60);
    assertThat(first).isBetween(before.minusMillis(1), Instant.now());
    assertThat(second).isBetween(before.minusMillis(1), Instant.now());
    assertThat(Duration.between(first, second)).isBetween(Duration.ZERO, Duration.ofMillis(1));
  }

  private static Instant stamp(ByteBuffer bytes, int at) {
    return Instant.ofEpochSecond(bytes.getInt(at), bytes.getInt(at + 4) * 1000L);
  }

  private static ByteBuffer frame(int length) {
    ByteBuffer frame = ByteBuffer.allocate(length);
    for (int at = 0; at < length; at++) {
      frame.put(at, (byte) at);
    }
    return frame;
  }

  private static OutputStream stuckUntil(CountDownLatch latch) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          latch.await();
        } catch (InterruptedException e) {
          throw new IOException("interrupted", e);
        }
      }
    };
  }
}
