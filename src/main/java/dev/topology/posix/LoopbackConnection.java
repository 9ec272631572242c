package dev.topology.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * Makes two TCP sockets connected to each other over 127.0.0.1, the way {@code socketpair(2)} does
 * for Unix sockets. See {@code ip(7)} and {@code tcp(7)}.
 *
 * <p>Between listening and accepting, any process of this host could connect. So what is accepted
 * must come from the port that this process connected from, or it is closed.
 */
final class LoopbackConnection {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;

  /**
   * {@code struct sockaddr_in}: family in the machine's order, port and address in the network's.
   */
  private static final int ADDRESS_BYTES = 16;

  private static final int PORT_OFFSET = 2;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final Libc libc = Libc.get();
  private final NativeMemory memory;

  private LoopbackConnection(NativeMemory memory) {
    this.memory = memory;
  }

  static SocketPair open() throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      return new LoopbackConnection(memory).connect();
    }
  }

  private SocketPair connect() throws IOException {
    try (Numbers made = new Numbers()) {
      int listener = made.keep(socket());
      int near = made.keep(socket());
      long address = memory.allocate(ADDRESS_BYTES);
      memory.putBytes(address, loopbackWithoutPort());
      check(libc.bind, libc.bind.call(listener, address, ADDRESS_BYTES));
      check(libc.listen, libc.listen.call(listener, 1));
      check(libc.connect, libc.connect.call(near, nameOf(listener), ADDRESS_BYTES));
      int far = made.keep(acceptFrom(portIn(nameOf(near)), listener));
      sendAtOnce(near);
      sendAtOnce(far);
      made.give(near);
      made.give(far);
      return new SocketPair(new Descriptor(near), new Descriptor(far));
    }
  }

  private int socket() throws IOException {
    return check(libc.socket, libc.socket.call(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }

  private static byte[] loopbackWithoutPort() {
    ByteBuffer address = ByteBuffer.allocate(ADDRESS_BYTES).order(ByteOrder.nativeOrder());
    return address.putShort((short) AF_INET).putShort((short) 0).put(LOOPBACK).array();
  }

  private long nameOf(int socket) throws IOException {
    long address = memory.allocate(ADDRESS_BYTES);
    check(libc.getsockname, libc.getsockname.call(socket, address, lengthOfAddress()));
    return address;
  }

  private long lengthOfAddress() {
    long length = memory.allocate(Integer.BYTES);
    memory.putInt(length, ADDRESS_BYTES);
    return length;
  }

  private int portIn(long address) {
    return Short.toUnsignedInt(
        ByteBuffer.wrap(memory.getBytes(address, ADDRESS_BYTES)).getShort(PORT_OFFSET));
  }

  private int acceptFrom(int port, int listener) throws IOException {
    while (true) {
      long peer = memory.allocate(ADDRESS_BYTES);
      int accepted =
          check(libc.accept4, libc.accept4.call(listener, peer, lengthOfAddress(), SOCK_CLOEXEC));
      if (portIn(peer) == port) {
        return accepted;
      }
      libc.close.call(accepted);
    }
  }

  /** Without it a prompt would wait for more bytes that fill a segment. */
  private void sendAtOnce(int socket) throws IOException {
    long on = memory.allocate(Integer.BYTES);
    memory.putInt(on, 1);
    check(
        libc.setsockopt, libc.setsockopt.call(socket, IPPROTO_TCP, TCP_NODELAY, on, Integer.BYTES));
  }

  private static int check(NativeFunction function, long result) throws SystemCallException {
    if (result == -1) {
      throw SystemCallException.last(function);
    }
    return (int) result;
  }

  /** Descriptors that are closed again unless they are given away. */
  private static final class Numbers implements AutoCloseable {
    private final Set<Integer> numbers = new HashSet<>();

    int keep(int number) {
      numbers.add(number);
      return number;
    }

    void give(int number) {
      numbers.remove(number);
    }

    @Override
    public void close() {
      numbers.forEach(number -> Libc.get().close.call(number));
    }
  }
}
