package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends of pairs that get other peers. */
class SocketPairTest {

  private final NativeBlock memory = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);
  private final SocketPair first;
  private final SocketPair second;

  SocketPairTest() throws IOException {
    first = SocketPair.datagram();
    second = SocketPair.datagram();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Test
  void endsOfTwoPairsAreConnectedAndBackAgain() throws Exception {
    send(first.near(), 10);

    SocketPair.connect(first.near(), second.near());
    SocketPair.connect(first.far(), second.far());

    send(first.near(), 20);
    send(second.near(), 30);
    send(second.far(), 40);
    assertThat(received(second.near())).containsExactly(20);
    assertThat(received(first.near())).containsExactly(30);
    assertThat(received(first.far())).containsExactly(40);

    SocketPair.connect(first.near(), first.far());

    send(first.near(), 50);
    send(first.far(), 60);
    assertThat(received(first.far())).containsExactly(50);
    assertThat(received(first.near())).containsExactly(60);
  }

  @Test
  void whatHoldsAnEndBackIsGoneWithItsPeer() throws Exception {
    while (isSent(first.near(), 10)) {
      // Until the other end is full.
    }

    SocketPair.connect(first.near(), second.near());
    SocketPair.connect(first.far(), second.far());

    assertThat(isSent(first.near(), 20)).isTrue();
    assertThat(received(second.near())).containsExactly(20);
  }

  private void send(Descriptor end, int length) throws IOException {
    assertThat(isSent(end, length)).isTrue();
  }

  private boolean isSent(Descriptor end, int length) throws IOException {
    Datagrams one = Datagrams.toSend();
    one.add(memory, 0, length);
    return one.send(end, 0) == 1;
  }

  private int[] received(Descriptor end) throws IOException {
    Datagrams batch = Datagrams.into(memory);
    batch.receive(end);
    int[] lengths = new int[batch.count()];
    for (int at = 0; at < lengths.length; at++) {
      lengths[at] = batch.length(at);
    }
    return lengths;
  }
}
