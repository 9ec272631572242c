package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class PollTest {

  @Test
  void waitsUntilTheTimeIsUp() throws Exception {
    try (Poll poll = new Poll(List.of())) {
      long start = System.nanoTime();
      poll.await(Duration.ofMillis(20).toNanos());
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }
  }

  @Test
  void isWokenWhetherItWaitsAlreadyOrNotYet() throws Exception {
    try (Poll poll = new Poll(List.of())) {
      poll.wake();
      poll.wake();
      poll.await(-1);
      Thread waker = new Thread(poll::wake);
      waker.start();
      poll.await(-1);
      waker.join();
      poll.await(0);
    }
  }

  @Test
  void tellsWhichSocketCanBeUsed() throws Exception {
    try (SocketPair one = SocketPair.datagram();
        SocketPair other = SocketPair.datagram();
        Poll poll = new Poll(List.of(one.near(), other.near()))) {
      poll.interest(0, true, false);
      poll.interest(1, true, true);
      Datagrams frame = Datagrams.toSend();
      frame.add(new NativeBlock(60), 0, 60);
      assertThat(frame.send(one.far(), 0)).isEqualTo(1);

      poll.await(-1);

      assertThat(poll.isReadable(0)).isTrue();
      assertThat(poll.isReadable(1)).isFalse();
      assertThat(poll.isWritable(1)).isTrue();
    }
  }

  @Test
  void aSocketThatIsFullOrHasNobodyAtItsEndBlocksNobody() throws Exception {
    try (SocketPair pair = SocketPair.datagram()) {
      Datagrams frames = Datagrams.toSend();
      NativeBlock memory = new NativeBlock(1514);
      for (int i = 0; i < Datagrams.CAPACITY; i++) {
        frames.add(memory, 0, 1514);
      }
      assertThat(frames.send(pair.near(), 0)).isEqualTo(Datagrams.CAPACITY);
      assertThat(frames.send(pair.near(), 0)).isBetween(1, Datagrams.CAPACITY - 1);
      assertThat(frames.send(pair.near(), 0)).isZero();
    }
  }
}
