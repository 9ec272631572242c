package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpSocketTest {

  private final NativeBlock memory = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void exchangesDatagramsWithItsPeerAndDropsThoseOfStrangers(String host) throws Exception {
    InetAddress address = InetAddress.getByName(host);
    int port = freePort(address);
    InetSocketAddress here = new InetSocketAddress(address, port);
    try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(address, 0));
        DatagramSocket stranger = new DatagramSocket(new InetSocketAddress(address, 0));
        Descriptor socket =
            UdpSocket.connect((InetSocketAddress) peer.getLocalSocketAddress(), port)) {
      stranger.send(new DatagramPacket(new byte[] {13}, 1, here));
      peer.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, here));

      assertThat(received(socket)).isEqualTo(3);
      assertThat(memory.bytes().get(1)).isEqualTo((byte) 2);

      Datagrams answer = Datagrams.toSend();
      answer.add(memory, 0, 2);
      assertThat(answer.send(socket, 0)).isEqualTo(1);
      DatagramPacket came = new DatagramPacket(new byte[9], 9);
      peer.receive(came);
      assertThat(came.getLength()).isEqualTo(2);
      assertThat(came.getPort()).isEqualTo(port);
    }
  }

  /** Over loopback, a datagram has arrived or is lost when its sender goes on. */
  @Test
  void holdsMoreFramesThanSocketsUsuallyDo() throws Exception {
    InetAddress address = InetAddress.getLoopbackAddress();
    int port = freePort(address);
    try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(address, 0));
        DatagramSocket usual = new DatagramSocket(new InetSocketAddress(address, 0));
        Descriptor socket =
            UdpSocket.connect((InetSocketAddress) peer.getLocalSocketAddress(), port)) {
      for (int frame = 0; frame < 2_000; frame++) {
        peer.send(new DatagramPacket(new byte[1514], 1514, address, port));
        peer.send(new DatagramPacket(new byte[1514], 1514, address, usual.getLocalPort()));
      }

      assertThat(waitingAt(socket)).isGreaterThan(waitingAt(usual));
    }
  }

  private int waitingAt(Descriptor socket) throws IOException {
    Datagrams batch = Datagrams.into(memory);
    int all = 0;
    while (batch.receive(socket) > 0) {
      all += batch.count();
    }
    return all;
  }

  private static int waitingAt(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(1);
    int all = 0;
    try {
      while (true) {
        socket.receive(new DatagramPacket(new byte[1514], 1514));
        all++;
      }
    } catch (SocketTimeoutException none) {
      return all;
    }
  }

  /** The next datagram's length. */
  private int received(Descriptor socket) throws IOException {
    Datagrams batch = Datagrams.into(memory);
    try (Poll poll = new Poll(List.of(socket))) {
      poll.interest(0, true, false);
      while (batch.receive(socket) == 0) {
        poll.await(-1);
      }
    }
    assertThat(batch.count()).isEqualTo(1);
    return batch.length(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void refusesToLeadToItself(String host) throws Exception {
    InetAddress address = InetAddress.getByName(host);
    int port = freePort(address);

    assertThatThrownBy(() -> UdpSocket.connect(new InetSocketAddress(address, port), port))
        .isInstanceOf(UdpSocket.LoopException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void twoWithPeersOfTheirOwnHaveOnePort(String host) throws Exception {
    InetAddress address = InetAddress.getByName(host);
    int port = freePort(address);
    InetSocketAddress here = new InetSocketAddress(address, port);
    try (DatagramSocket one = new DatagramSocket(new InetSocketAddress(address, 0));
        DatagramSocket two = new DatagramSocket(new InetSocketAddress(address, 0));
        Descriptor first = UdpSocket.connect(here(one), port);
        Descriptor second = UdpSocket.connectBeside(first, here(two), port)) {
      two.send(new DatagramPacket(new byte[] {1, 2}, 2, here));
      one.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, here));

      assertThat(received(first)).isEqualTo(3);
      assertThat(received(second)).isEqualTo(2);
      assertThatThrownBy(() -> UdpSocket.connect(here(one), port))
          .hasMessageContaining("EADDRINUSE");
    }
  }

  private static InetSocketAddress here(DatagramSocket socket) {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private static int freePort(InetAddress address) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
      return socket.getLocalPort();
    }
  }
}
