package dev.topology.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * Two sockets connected to each other: what is written to one is read from the other. Both ends are
 * close-on-exec.
 *
 * @param near the end this process keeps, where there is such an end
 * @param far the end a child gets; close it here once the child has it, or its end of file is
 *     hidden
 */
public record SocketPair(Descriptor near, Descriptor far) implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;

  /** {@code struct sockaddr_un}: a family, and at most 108 bytes of name. */
  private static final int ADDRESS_BYTES = 110;

  private static final int FAMILY_BYTES = Short.BYTES;
  private static final int AF_UNSPEC = 0;

  /**
   * A pair that carries bytes.
   *
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public static SocketPair stream() throws IOException {
    return of(SOCK_STREAM);
  }

  /**
   * A pair that carries bytes and holds megabytes of them while they are not read.
   *
   * <p>The kernel charges a Unix socket for each write by itself: a full one holds 278 writes, and
   * no more than 4,448 bytes if they come in sixteens, as those of Linux's virtio console do. TCP
   * puts them together and holds 4.0 MB. So this pair is one of TCP sockets over 127.0.0.1; where
   * there is no such network, it is {@link #stream()}.
   *
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public static SocketPair bufferedStream() throws IOException {
    try {
      return LoopbackConnection.open();
    } catch (SystemCallException e) {
      if (e.symbol().equals("EMFILE") || e.symbol().equals("ENFILE")) {
        throw e;
      }
      return stream();
    }
  }

  /**
   * A pair that keeps the boundaries of what is written, as a cable does with frames; a full pair
   * holds the sender back and loses nothing.
   *
   * <p>It has the kernel's own buffer size, which holds 93 Ethernet frames. A larger buffer is no
   * faster, with twice or ten times the size: the pair carries 6 to 9 Gbit/s between two processes,
   * and QEMU under emulation about 0.4. It would only add latency.
   *
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public static SocketPair datagram() throws IOException {
    return of(SOCK_DGRAM);
  }

  /**
   * Connects two ends of {@linkplain #datagram pairs of datagrams} to each other, whatever they
   * were connected to, and whichever processes have them. What waits to be read from them is lost,
   * and what is sent to the second meanwhile; the former peer of the first may see one {@code
   * ECONNRESET}.
   *
   * <p>An end that has no peer would take a datagram of anybody. The first gets another peer in one
   * step, and the second drops all that comes until it has one. See connect(2), unix(7), and
   * unix_dgram_connect in the kernel's net/unix/af_unix.c.
   */
  public static void connect(Descriptor one, Descriptor other) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      int first = one.acquire();
      try {
        int second = other.acquire();
        try {
          Datagrams.dropAll(other);
          long none = memory.allocate(FAMILY_BYTES);
          memory.putBytes(none, family(AF_UNSPEC));
          connect(second, none, FAMILY_BYTES);
          connect(first, nameOf(second, memory));
          connect(second, nameOf(first, memory));
          Datagrams.keepAll(other);
        } finally {
          other.release();
        }
      } finally {
        one.release();
      }
    }
  }

  /** The address of a socket. */
  private record Name(long address, int bytes) {}

  /** A socket without a name gets one that no other has, and that is no file. */
  private static Name nameOf(int socket, NativeMemory memory) throws IOException {
    Libc libc = Libc.get();
    long address = memory.allocate(ADDRESS_BYTES);
    memory.putBytes(address, family(AF_UNIX));
    libc.bind.checked(libc.bind.call(socket, address, FAMILY_BYTES));
    long length = memory.allocate(Integer.BYTES);
    memory.putInt(length, ADDRESS_BYTES);
    libc.getsockname.checked(libc.getsockname.call(socket, address, length));
    return new Name(address, memory.getInt(length));
  }

  private static byte[] family(int family) {
    return ByteBuffer.allocate(FAMILY_BYTES)
        .order(ByteOrder.nativeOrder())
        .putShort((short) family)
        .array();
  }

  private static void connect(int socket, Name peer) throws IOException {
    connect(socket, peer.address(), peer.bytes());
  }

  private static void connect(int socket, long address, int bytes) throws IOException {
    Libc libc = Libc.get();
    libc.connect.checked(libc.connect.call(socket, address, bytes));
  }

  private static SocketPair of(int type) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      long ends = memory.allocate(2 * Integer.BYTES);
      NativeFunction socketpair = Libc.get().socketpair;
      socketpair.checked(socketpair.call(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
      return new SocketPair(
          new Descriptor(memory.getInt(ends)), new Descriptor(memory.getInt(ends + Integer.BYTES)));
    }
  }

  /** Closes both ends, or the one that is still open. Never blocks. */
  @Override
  public void close() {
    far.close();
    near.close();
  }

  /**
   * Makes two TCP sockets connected to each other over 127.0.0.1, the way {@code socketpair(2)}
   * does for Unix sockets. See {@code ip(7)} and {@code tcp(7)}.
   *
   * <p>Between listening and accepting, any process of this host could connect. So what is accepted
   * must come from the port that this process connected from, or it is closed.
   */
  private static final class LoopbackConnection {
    private static final int AF_INET = 2;
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
        libc.bind.checked(libc.bind.call(listener, address, ADDRESS_BYTES));
        libc.listen.checked(libc.listen.call(listener, 1));
        libc.connect.checked(libc.connect.call(near, nameOf(listener), ADDRESS_BYTES));
        int far = made.keep(acceptFrom(portIn(nameOf(near)), listener));
        sendAtOnce(near);
        sendAtOnce(far);
        made.give(near);
        made.give(far);
        return new SocketPair(new Descriptor(near), new Descriptor(far));
      }
    }

    private int socket() throws IOException {
      return libc.socket.checked(libc.socket.call(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }

    private static byte[] loopbackWithoutPort() {
      ByteBuffer address = ByteBuffer.allocate(ADDRESS_BYTES).order(ByteOrder.nativeOrder());
      return address.putShort((short) AF_INET).putShort((short) 0).put(LOOPBACK).array();
    }

    private long nameOf(int socket) throws IOException {
      long address = memory.allocate(ADDRESS_BYTES);
      libc.getsockname.checked(libc.getsockname.call(socket, address, lengthOfAddress()));
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
            libc.accept4.checked(
                libc.accept4.call(listener, peer, lengthOfAddress(), SOCK_CLOEXEC));
        if (portIn(peer) == port) {
          return accepted;
        }
        libc.close.call(accepted);
      }
    }

    /** Otherwise a prompt would wait until more bytes fill a segment. */
    private void sendAtOnce(int socket) throws IOException {
      long on = memory.allocate(Integer.BYTES);
      memory.putInt(on, 1);
      libc.setsockopt.checked(
          libc.setsockopt.call(socket, IPPROTO_TCP, TCP_NODELAY, on, Integer.BYTES));
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
}
