package dev.topology.posix;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Makes UDP sockets that are connected: datagrams from elsewhere do not arrive. See udp(7). */
public final class UdpSocket {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_RCVBUF = 8;

  /**
   * How much may wait to be read: some 1,800 frames, where the host allows it (net.core.rmem_max;
   * the kernel takes less without a word). Unlike a socketpair, UDP does not hold its sender back:
   * what finds no space is lost. The usual buffer holds 92 frames, which a busy host is late to
   * read: between two guests beside a test suite, 100 to 430 segments of TCP were sent again in 4
   * s, and with this one none.
   */
  private static final int RECEIVE_BUFFER = 4 << 20;

  private static final int MSG_DONTWAIT = 0x40;

  // struct sockaddr_in and sockaddr_in6: family, port, then the flow of IPv6, the address, a scope.
  private static final int V4_BYTES = 16;
  private static final int V6_BYTES = 28;

  private final Libc libc = Libc.get();
  private final NativeMemory memory;

  private UdpSocket(NativeMemory memory) {
    this.memory = memory;
  }

  /**
   * A socket that sends to a peer and gets what that sends. Never blocks.
   *
   * @param peer resolved
   * @param port of this host, 1 to 65535
   * @throws LoopException if the peer is the socket itself
   * @throws SystemCallException with {@code EADDRINUSE} if the port is taken, or if the network is
   *     not reachable
   */
  public static Descriptor connect(InetSocketAddress peer, int port) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      return new UdpSocket(memory).open(peer, port, /* isShared= */ false);
    }
  }

  /**
   * A socket at the same port of this host as another one of this class, which has another peer:
   * each gets what its peer sends. No third can join them.
   */
  public static Descriptor connectBeside(Descriptor first, InetSocketAddress peer, int port)
      throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      UdpSocket socket = new UdpSocket(memory);
      int number = first.acquire();
      try {
        socket.set(number, SOL_SOCKET, SO_REUSEADDR, 1);
        return socket.open(peer, port, /* isShared= */ true);
      } finally {
        socket.set(number, SOL_SOCKET, SO_REUSEADDR, 0);
        first.release();
      }
    }
  }

  private Descriptor open(InetSocketAddress peer, int port, boolean isShared) throws IOException {
    boolean isV6 = peer.getAddress() instanceof Inet6Address;
    int number =
        libc.socket.checked(
            libc.socket.call(isV6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    Descriptor socket = new Descriptor(number);
    try {
      if (isV6) {
        set(number, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      }
      set(number, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
      set(number, SOL_SOCKET, SO_REUSEADDR, isShared ? 1 : 0);
      int length = isV6 ? V6_BYTES : V4_BYTES;
      InetAddress from = InetAddress.getByAddress(new byte[isV6 ? 16 : 4]);
      libc.bind.checked(libc.bind.call(number, name(from, port), length));
      set(number, SOL_SOCKET, SO_REUSEADDR, 0);
      long to = name(peer.getAddress(), peer.getPort());
      libc.connect.checked(libc.connect.call(number, to, length));
      checkIsNoLoop(number, to, length);
      dropWhatCame(number);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void set(int number, int level, int option, int value) throws IOException {
    long at = memory.allocate(Integer.BYTES);
    memory.putInt(at, value);
    libc.setsockopt.checked(libc.setsockopt.call(number, level, option, at, Integer.BYTES));
  }

  private long name(InetAddress address, int port) {
    ByteBuffer name = ByteBuffer.allocate(V6_BYTES);
    boolean isV6 = address instanceof Inet6Address;
    name.order(ByteOrder.nativeOrder()).putShort((short) (isV6 ? AF_INET6 : AF_INET));
    name.order(ByteOrder.BIG_ENDIAN).putShort((short) port);
    if (isV6) {
      name.putInt(0);
    }
    name.put(address.getAddress());
    if (address instanceof Inet6Address scoped) {
      name.order(ByteOrder.nativeOrder()).putInt(scoped.getScopeId());
    }
    long copy = memory.allocate(V6_BYTES);
    memory.putBytes(copy, name.array());
    return copy;
  }

  private void checkIsNoLoop(int number, long peer, int length) throws IOException {
    long own = memory.allocate(V6_BYTES);
    long bytes = memory.allocate(Integer.BYTES);
    memory.putInt(bytes, length);
    libc.getsockname.checked(libc.getsockname.call(number, own, bytes));
    if (Arrays.equals(memory.getBytes(own, length), memory.getBytes(peer, length))) {
      throw new LoopException();
    }
  }

  /** What came from anywhere between bind and connect. Nothing does any more, so it ends. */
  private void dropWhatCame(int number) {
    long one = memory.allocate(1);
    while (libc.recv.call(number, one, 1, MSG_DONTWAIT) >= 0) {
      // A datagram read in part is gone as a whole.
    }
  }

  /** The peer of a socket is the socket itself. */
  public static final class LoopException extends IOException {

    private static final long serialVersionUID = 1L;

    LoopException() {
      super("it would send to itself");
    }
  }
}
