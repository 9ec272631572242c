package dev.topology.posix;

import java.io.IOException;

/**
 * A listening Unix socket, and the one connection that waits to be accepted there: for a child that
 * insists on accepting its peer. Both are close-on-exec.
 *
 * <p>The socket has a name in no directory, only one that the kernel has made up. Any process of
 * this host can connect to that, but the queue has room for one connection, and that is ours: what
 * the child accepts first is it.
 *
 * @param listener for the child that accepts; it must accept no more than once
 * @param connected for the peer
 */
public record QueuedConnection(Descriptor listener, Descriptor connected) implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int F_SETFL = 4;

  /** {@code struct sockaddr_un}: the family, and a name of up to 108 bytes. */
  private static final int ADDRESS_BYTES = 110;

  private static final int FAMILY_BYTES = 2;

  /**
   * Opens both.
   *
   * @throws IOException if descriptors run out, or another process was faster to connect
   */
  public static QueuedConnection open() throws IOException {
    Descriptor listener = socket(0);
    Descriptor connected = null;
    try (NativeMemory memory = new NativeMemory()) {
      connected = socket(SOCK_NONBLOCK);
      long address = memory.allocate(ADDRESS_BYTES);
      long length = memory.allocate(Integer.BYTES);
      memory.putInt(length, ADDRESS_BYTES);
      Libc libc = Libc.get();
      int listening = listener.acquire();
      int connecting = connected.acquire();
      try {
        memory.putBytes(address, new byte[] {AF_UNIX, 0});
        // Of a family alone, the kernel makes a name: unix(7), "Autobind feature".
        libc.bind.checked(libc.bind.call(listening, address, FAMILY_BYTES));
        libc.listen.checked(libc.listen.call(listening, 0));
        libc.getsockname.checked(libc.getsockname.call(listening, address, length));
        libc.connect.checked(libc.connect.call(connecting, address, memory.getInt(length)));
        libc.fcntl.checked(libc.fcntl.call(connecting, F_SETFL, 0));
      } finally {
        listener.release();
        connected.release();
      }
      return new QueuedConnection(listener, connected);
    } catch (IOException e) {
      listener.close();
      if (connected != null) {
        connected.close();
      }
      throw e;
    }
  }

  private static Descriptor socket(int flags) throws IOException {
    NativeFunction socket = Libc.get().socket;
    return new Descriptor(
        socket.checked(socket.call(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)));
  }

  /** Closes what is still open. Never blocks. */
  @Override
  public void close() {
    listener.close();
    connected.close();
  }
}
