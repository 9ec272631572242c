package dev.topology.run.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import dev.topology.run.cable.CableState.ShaperState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames through a real shaper, over real sockets. */
@Timeout(600)
class CableShaperTest {

  private static final Share ALL = Share.ofPercent(100);
  private static final Share HALF = Share.ofPercent(50);

  @Test
  void carriesFramesOfEverySizeUnchangedAndInOrder() throws IOException {
    List<Integer> sizes = List.of(1, 14, 60, 1514, 9014, 65_549);
    try (Wire wire = Wire.of(Shaping.NONE, 1)) {
      for (int size : sizes) {
        wire.send(size % 251, size);
      }

      assertThat(wire.receive(sizes.size()))
          .zipSatisfy(
              sizes,
              (frame, size) -> {
                assertThat(frame).hasSize(size);
                assertThat(frame).containsOnly((byte) (size % 251));
              });
      DirectionCounters counters = wire.shaper().counters().leftToRight();
      assertThat(counters.frames()).isEqualTo(sizes.size());
      assertThat(counters.bytes()).isEqualTo(sizes.stream().mapToLong(it -> it).sum());
      assertThat(counters.dropped()).isZero();
    }
  }

  @Test
  void delaysFrames() throws IOException {
    try (Wire wire = Wire.of(Shaping.NONE.withDelay(Duration.ofMillis(50)), 1)) {
      long start = System.nanoTime();
      sendMarked(wire, 100);
      assertThat(wire.marks(100)).isEqualTo(numbers(100));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(50));
    }
  }

  @Test
  void jitterKeepsTheOrder() throws IOException {
    Duration delay = Duration.ofMillis(20);
    try (Wire wire = Wire.of(Shaping.NONE.withDelay(delay, delay), 1)) {
      sendMarked(wire, 200);

      assertThat(wire.marks(200)).isEqualTo(numbers(200));
    }
  }

  @Test
  void someFramesOvertake() throws IOException {
    Shaping shaping = Shaping.NONE.withDelay(Duration.ofMillis(200)).withReorder(HALF);
    try (Wire wire = Wire.of(shaping, 1)) {
      sendMarked(wire, 100);
      List<Integer> marks = wire.marks(100);

      long reordered = wire.shaper().counters().leftToRight().reordered();
      assertThat(marks)
          .containsExactlyInAnyOrderElementsOf(numbers(100))
          .isNotEqualTo(numbers(100));
      assertThat(reordered).isBetween(30L, 70L);
      assertThat(marks.subList(0, (int) reordered)).isSorted();
      assertThat(marks.subList((int) reordered, 100)).isSorted();
    }
  }

  @Test
  void losesTheSameFramesForTheSameSeed() throws IOException {
    List<Integer> first = survivors(7);

    assertThat(survivors(7)).isEqualTo(first);
    assertThat(survivors(8)).isNotEqualTo(first);
    assertThat(first).hasSizeBetween(70, 130);
  }

  /** Which of 200 frames come through, with a last one to know that there are no more. */
  private static List<Integer> survivors(long seed) throws IOException {
    try (Wire wire = Wire.of(Shaping.NONE.withLoss(HALF), seed)) {
      sendMarked(wire, 200);
      awaitFrames(wire, 200);
      return rest(wire);
    }
  }

  /** What is still on its way, and a last one. */
  private static List<Integer> rest(Wire wire) throws IOException {
    wire.shaper().shape(Shaping.NONE);
    List<Integer> marks = new ArrayList<>();
    wire.send(255, 60);
    while (!marks.contains(255)) {
      marks.addAll(wire.marks(1));
    }
    return marks;
  }

  /** As the cable of a run that is brought back does. */
  @Test
  void anotherGoesOnWithWhatWasOnItsWayAndAtTheSamePlaceOfTheSequence() throws IOException {
    Shaping shaping = Shaping.NONE.withLoss(HALF).withDelay(Duration.ofMinutes(1));
    ShaperState held;
    List<Integer> expected;
    try (Wire wire = Wire.of(shaping, 7)) {
      sendMarked(wire, 100);
      awaitFrames(wire, 100);
      wire.shaper().hold();
      held = wire.shaper().state();
      wire.shaper().release();
      sendMarked(wire, 100);
      awaitFrames(wire, 200);
      expected = rest(wire);
    }
    try (Wire other = Wire.of(Shaping.NONE, 7)) {
      other.shaper().hold();
      other.shaper().restore(held);
      other.shaper().release();
      sendMarked(other, 100);
      awaitFrames(other, 100);

      assertThat(other.shaper().shaping()).isEqualTo(shaping);
      assertThat(rest(other)).isEqualTo(expected).hasSizeBetween(70, 130);
    }
  }

  @Test
  void sendsDuplicates() throws IOException {
    try (Wire wire = Wire.of(Shaping.NONE.withDuplicate(ALL), 1)) {
      sendMarked(wire, 3);

      assertThat(wire.marks(6)).containsExactly(0, 0, 1, 1, 2, 2);
      assertThat(wire.shaper().counters().leftToRight().duplicated()).isEqualTo(3);
    }
  }

  @Test
  void flipsOneBit() throws IOException {
    try (Wire wire = Wire.of(Shaping.NONE.withCorrupt(ALL), 1)) {
      for (int i = 0; i < 50; i++) {
        wire.send(0, 100);
      }

      assertThat(wire.receive(50)).allSatisfy(frame -> assertThat(bits(frame)).isEqualTo(1));
      assertThat(wire.shaper().counters().leftToRight().corrupted()).isEqualTo(50);
    }
  }

  private static int bits(byte[] frame) {
    return IntStream.range(0, frame.length).map(at -> Integer.bitCount(frame[at] & 0xff)).sum();
  }

  @Test
  void aFullQueueDropsWhatComesLast() throws IOException {
    Shaping slow = Shaping.NONE.withRate(BitRate.ofMegabits(1)).withQueue(new Memory(10 * 1000));
    try (Wire wire = Wire.of(slow, 1)) {
      long start = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        wire.send(i, 1000);
      }
      awaitFrames(wire, 50);
      long dropped = wire.shaper().counters().leftToRight().queueFull();
      List<Integer> marks = wire.marks(50 - (int) dropped);

      assertThat(dropped).isBetween(1L, 40L);
      assertThat(marks).startsWith(numbers(10).toArray(Integer[]::new)).isSorted();
      // 8 milliseconds a frame.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(80));
    }
  }

  @Test
  void whatIsOnItsWayFollowsAChange() throws IOException {
    Shaping crawling = Shaping.NONE.withRate(BitRate.LEAST).withDelay(Duration.ofSeconds(60));
    try (Wire wire = Wire.of(crawling, 1)) {
      sendMarked(wire, 100);
      awaitFrames(wire, 100);

      wire.shaper().shape(Shaping.NONE);

      assertThat(wire.marks(100)).isEqualTo(numbers(100));
      assertThat(wire.shaper().shaping()).isEqualTo(Shaping.NONE);
    }
  }

  @Test
  void aGuestThatDoesNotReadHoldsNobodyUp() throws IOException {
    try (Wire wire = Wire.of(Shaping.NONE, 1)) {
      int frames = 3 * Exit.ROOM_BYTES / 1500;
      for (int i = 0; i < frames; i++) {
        wire.send(i % 200, 1500);
      }
      awaitFrames(wire, frames);
      long dropped = wire.shaper().counters().leftToRight().notTaken();

      assertThat(dropped).isBetween(1L, frames - 1L);
      int left = frames - (int) dropped;
      assertThat(wire.marks(left))
          .isEqualTo(IntStream.range(0, left).mapToObj(i -> i % 200).toList());
      wire.send(201, 60);
      assertThat(wire.marks(1)).containsExactly(201);
    }
  }

  @Test
  void theSecondDirectionHasAFateOfItsOwn() throws IOException {
    try (Wire wire = Wire.of(Shaping.NONE.withLoss(HALF), 1)) {
      sendMarked(wire, 10);
      awaitFrames(wire, 10);

      assertThat(wire.shaper().counters().rightToLeft().frames()).isZero();
    }
  }

  private static void sendMarked(Wire wire, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      wire.send(i, 60);
    }
  }

  private static void awaitFrames(Wire wire, int count) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> wire.shaper().counters().leftToRight().frames() == count);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
