package dev.topology.run.node;

import dev.topology.posix.SocketStream;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Bytes to and from {@code /dev/virtio-ports/NAME} in a guest, for one of the {@code channels:} of
 * a node.
 *
 * <p>Reading and writing block, up to a time: {@linkplain #DEFAULT_DEADLINE five minutes} unless
 * {@link #within} sets another, after which they throw an {@link OutOfTimeException}. They can be
 * interrupted ({@link InterruptedIOException}; the thread's interrupt status stays set). If the
 * node fails meanwhile they throw a {@link NodeEndedException} within milliseconds, once all that
 * the guest wrote has been read; if it ends in any other way, reading comes to the end of the
 * stream.
 *
 * <p>Nothing is lost in either direction: a guest's writer waits while nobody reads, and so does
 * {@link #write}. Nothing else in the run waits for it. Linux lets a writer get 32 MiB ahead, all
 * of them the guest's memory. What was written before the guest opens its port is kept for it.
 *
 * <p>Thread-safe; reads do not wait for writes. Closing it does nothing to the guest: the channel
 * is the run's.
 */
public final class Channel implements ByteChannel {

  /** How long a read or a write waits unless said otherwise. */
  public static final Duration DEFAULT_DEADLINE = Console.DEFAULT_DEADLINE;

  private final String name;
  private final Supplier<NodeWaiter> waiter;
  private final Duration time;

  public Channel(String name, Supplier<NodeWaiter> waiter) {
    this(name, waiter, DEFAULT_DEADLINE);
  }

  private Channel(String name, Supplier<NodeWaiter> waiter, Duration time) {
    this.name = name;
    this.waiter = waiter;
    this.time = time;
  }

  /** The name, as in {@code channels:}. */
  public String name() {
    return name;
  }

  /** The same channel, whose reads and writes wait for so long. */
  public Channel within(Duration deadline) {
    return new Channel(name, waiter, deadline);
  }

  /**
   * Waits for a byte at least, and takes what is there.
   *
   * @return how many that were; -1 if the node has ended without failing and all has been read
   */
  @Override
  public int read(ByteBuffer destination) throws IOException {
    if (!destination.hasRemaining()) {
      return 0;
    }
    Deadline deadline = Deadline.in(time);
    String what = "it wrote to channel \"" + name + '"';
    NodeWaiter now = waiter.get();
    try {
      int count = now.ports().channel(name).incoming().take(destination, deadline.left());
      if (count == 0) {
        throw now.outOfTime(deadline, what);
      }
      if (count == ByteQueue.ENDED && !now.endedWell()) {
        throw now.ended(what);
      }
      return count;
    } catch (InterruptedException e) {
      throw interrupted("reading from");
    }
  }

  /**
   * Waits until all that remains has been taken. It may be on its way to the guest still when this
   * returns, and also goes there if this is interrupted.
   *
   * @return how many bytes that were
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Deadline deadline = Deadline.in(time);
    String what = "it had read channel \"" + name + '"';
    int count = source.remaining();
    NodeWaiter now = waiter.get();
    try {
      if (!now.ports().channel(name).outlet().write(source, deadline)) {
        throw deadline.left().isZero() ? now.outOfTime(deadline, what) : now.ended(what);
      }
      return count;
    } catch (InterruptedException e) {
      throw interrupted("writing to");
    }
  }

  private InterruptedIOException interrupted(String what) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while " + what + " channel \"" + name + '"');
  }

  /** What the guest writes, as an unbuffered stream with the same waiting and failing. */
  public InputStream input() {
    return Channels.newInputStream(this);
  }

  /** What the guest reads, as an unbuffered stream with the same waiting and failing. */
  public OutputStream output() {
    return Channels.newOutputStream(this);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Does nothing. */
  @Override
  public void close() {}

  /**
   * One of a node's channels. What the guest writes is read ahead, up to 64 KiB; beyond that only
   * the guest's writer waits: the port of a channel loses nothing, and nothing else is read by its
   * thread.
   */
  static final class Link extends Reader {

    private static final int CAPACITY = 64 * 1024;

    /** How many bytes may wait for the guest to read them. */
    private static final int MOST_WAITING = 128 * 1024;

    private final SocketStream socket;
    private final Runnable onFirstByte;
    private final ByteQueue incoming = new ByteQueue(CAPACITY);
    private final Outlet outlet;

    /**
     * @param onFirstByte called by its own thread once the guest has written something, which then
     *     can be read
     */
    Link(String node, String name, SocketStream socket, Runnable onFirstByte) {
      super("channel-" + name + "-" + node, socket);
      this.socket = socket;
      this.onFirstByte = onFirstByte;
      this.outlet = new Outlet("to-channel-" + name + "-" + node, socket, MOST_WAITING);
    }

    ByteQueue incoming() {
      return incoming;
    }

    Outlet outlet() {
      return outlet;
    }

    @Override
    void read() throws IOException {
      ByteBuffer chunk = ByteBuffer.allocate(CAPACITY);
      boolean first = true;
      try {
        while (socket.read(chunk.clear()) >= 0) {
          chunk.flip();
          while (chunk.hasRemaining() && incoming.put(chunk) > 0) {
            first = tell(first);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        incoming.end();
      }
    }

    private boolean tell(boolean first) {
      if (first) {
        onFirstByte.run();
      }
      return false;
    }

    @Override
    public void close() {
      incoming.end();
      super.close();
      outlet.close();
    }
  }
}
