package dev.topology.run.cable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.posix.NativeBlock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring against a queue of the JDK's. */
class FrameQueueTest {

  private static final int MOST = 1 << 18;
  private static final int LONGEST = 9000;

  /** A frame that is all one byte, and when it is due. */
  private record Frame(byte mark, int length, long dueAt) {}

  private final FrameQueue queue = new FrameQueue(MOST);
  private final Deque<Frame> expected = new ArrayDeque<>();
  private final NativeBlock source = new NativeBlock(LONGEST);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keepsEveryFrameWholeAndInOrder(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int step = 0; step < 20_000; step++) {
      // Fills and empties in turns, so that the ring grows, wraps, and is full at times.
      boolean isFilling = step / 2000 % 2 == 0;
      if (random.nextInt(10) < (isFilling ? 7 : 3)) {
        refused += add(random) ? 0 : 1;
      } else if (!expected.isEmpty()) {
        remove();
      }
    }
    while (!expected.isEmpty()) {
      remove();
    }

    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.headDueAt()).isEqualTo(Long.MAX_VALUE);
    assertThat(refused).isPositive();
  }

  private boolean add(Random random) {
    byte mark = (byte) random.nextInt(256);
    int length = random.nextInt(LONGEST) + 1;
    long due = random.nextInt(1000);
    for (int at = 0; at < length; at++) {
      source.bytes().put(at, mark);
    }
    if (!queue.add(source, 0, length, 0, due)) {
      return false;
    }
    long previous = expected.isEmpty() ? 0 : expected.getLast().dueAt();
    expected.add(new Frame(mark, length, Math.max(due, previous)));
    return true;
  }

  private void remove() {
    Frame frame = expected.remove();
    assertThat(queue.headDueAt()).isEqualTo(frame.dueAt());
    assertThat(queue.headLength()).isEqualTo(frame.length());
    byte[] bytes = new byte[frame.length()];
    queue.memory().bytes().get(queue.headOffset(), bytes);
    assertThat(bytes).containsOnly(frame.mark());
    queue.removeHead();
  }
}
