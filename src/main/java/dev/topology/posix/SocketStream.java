package dev.topology.posix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to and from the other end of a {@link SocketPair#stream() stream} pair.
 *
 * <p>Reading and writing block. One thread may read while another writes and a third closes;
 * closing wakes both, interrupting them does not. A read returns -1 once the other end is closed,
 * died, or said it has written all.
 *
 * <p>jnr-unixsocket can do this too, but a read of a channel closed meanwhile goes to a stale
 * number and can take another socket's bytes, a reset comes as an unchecked exception, and its
 * first use takes 0.3 s.
 */
public final class SocketStream implements ByteChannel {
  private static final int SHUT_RD = 0;
  private static final int SHUT_WR = 1;
  private static final int SHUT_RDWR = 2;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SIOCOUTQ = 0x5411;

  private final Descriptor socket;
  private final Stage input = new Stage();
  private final Stage output = new Stage();

  /** A stream over {@code socket}, which it owns from now on. */
  public SocketStream(Descriptor socket) {
    this.socket = socket;
  }

  /**
   * Waits for at least one byte, and takes what is there.
   *
   * @return the number of bytes read, or -1 at the end
   * @throws AsynchronousCloseException if this stream is closed meanwhile
   */
  @Override
  public int read(ByteBuffer destination) throws IOException {
    synchronized (input) {
      if (!destination.hasRemaining()) {
        return 0;
      }
      ByteBuffer bytes = input.buffer().clear();
      int count = receive(input.address(), Math.min(bytes.capacity(), destination.remaining()));
      if (count > 0) {
        destination.put(bytes.limit(count));
      }
      return count;
    }
  }

  private int receive(long address, int bytes) throws IOException {
    NativeFunction read = Libc.get().read;
    int number = socket.acquire();
    try {
      long count;
      do {
        count = read.call(number, address, bytes);
      } while (count == -1 && NativeFunction.errno() == Libc.EINTR);
      if (socket.isClosed()) {
        throw new AsynchronousCloseException();
      }
      // A peer that closes with bytes of ours unread resets the connection, see unix(7).
      if (count == 0 || (count == -1 && NativeFunction.errno() == Libc.ECONNRESET)) {
        return -1;
      }
      if (count == -1) {
        throw SystemCallException.last(read);
      }
      return (int) count;
    } finally {
      socket.release();
    }
  }

  /**
   * Writes all that remains, waiting for the other end to read as long as that takes.
   *
   * @return the number of bytes written
   * @throws AsynchronousCloseException if this stream is closed meanwhile
   * @throws SystemCallException with {@code EPIPE} if the other end is closed
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    synchronized (output) {
      int number = socket.acquire();
      try {
        int written = 0;
        while (source.hasRemaining()) {
          ByteBuffer bytes = output.buffer().clear();
          int count = Math.min(bytes.capacity(), source.remaining());
          bytes.put(0, source, source.position(), count);
          sendAll(number, output.address(), count);
          source.position(source.position() + count);
          written += count;
        }
        return written;
      } finally {
        socket.release();
      }
    }
  }

  /** Whether the other end has read all that was written. */
  public boolean isTaken() throws IOException {
    int number = socket.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long unread = memory.allocate(Integer.BYTES);
      NativeFunction ioctl = Libc.get().ioctl;
      ioctl.checked(ioctl.call(number, SIOCOUTQ, unread));
      return memory.getInt(unread) == 0;
    } finally {
      socket.release();
    }
  }

  private void sendAll(int number, long address, int bytes) throws IOException {
    NativeFunction send = Libc.get().send;
    int sent = 0;
    while (sent < bytes) {
      long count = send.call(number, address + sent, bytes - sent, MSG_NOSIGNAL);
      if (socket.isClosed()) {
        throw new AsynchronousCloseException();
      }
      if (count == -1 && NativeFunction.errno() != Libc.EINTR) {
        throw SystemCallException.last(send);
      }
      sent += (int) Math.max(count, 0);
    }
  }

  /** This stream's bytes as an unbuffered stream; closing either closes both. */
  public InputStream input() {
    return Channels.newInputStream(this);
  }

  /** This stream as an unbuffered output; closing either closes both. */
  public OutputStream output() {
    return Channels.newOutputStream(this);
  }

  /** Lets the other end read what was written and then the end; this end can still read. */
  public void endOutput() throws IOException {
    shutDown(SHUT_WR);
  }

  /** Ends the reading at this end, after what has arrived already; the other end cannot write. */
  void endInput() throws IOException {
    shutDown(SHUT_RD);
  }

  private void shutDown(int direction) throws IOException {
    NativeFunction shutdown = Libc.get().shutdown;
    int number = socket.acquire();
    try {
      shutdown.checked(shutdown.call(number, direction));
    } finally {
      socket.release();
    }
  }

  @Override
  public boolean isOpen() {
    return !socket.isClosed();
  }

  /** Ends both directions, and the calls that wait in them. Never blocks. */
  @Override
  public void close() throws IOException {
    int number;
    try {
      number = socket.acquire();
    } catch (ClosedChannelException closedBefore) {
      return;
    }
    try {
      // Marked first: the calls that wake up ask for it.
      socket.close();
      Libc.get().shutdown.call(number, SHUT_RDWR);
    } finally {
      socket.release();
    }
  }

  /**
   * Memory outside the heap, where the garbage collector moves nothing under a waiting call. Made
   * when first used: most streams are used in one direction. Not thread-safe.
   */
  private static final class Stage {
    private static final int BYTES = 64 * 1024;

    private @Nullable ByteBuffer buffer;
    private long address;

    ByteBuffer buffer() {
      ByteBuffer made = buffer;
      if (made == null) {
        made = ByteBuffer.allocateDirect(BYTES);
        address = Libc.get().memory.getDirectBufferAddress(made);
        buffer = made;
      }
      return made;
    }

    long address() {
      return address;
    }
  }
}
