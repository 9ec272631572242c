package dev.topology.posix;

import java.io.IOException;

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
   * <p>It has the kernel's own buffer size, which holds 93 Ethernet frames. Twice and ten times as
   * much changes nothing: such a pair carries 6 to 9 Gbit/s between two processes either way, and
   * QEMU under emulation about 0.4; more would only be latency.
   *
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public static SocketPair datagram() throws IOException {
    return of(SOCK_DGRAM);
  }

  private static SocketPair of(int type) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      long ends = memory.allocate(2 * Integer.BYTES);
      NativeFunction socketpair = Libc.get().socketpair;
      if (socketpair.call(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) == -1) {
        throw SystemCallException.last(socketpair);
      }
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
}
