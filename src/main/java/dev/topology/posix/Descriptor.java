package dev.topology.posix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * One open descriptor of this process, with one owner: its maker, until it is handed on.
 *
 * <p>It is close-on-exec, and closed exactly once: closing it again does nothing. Any thread may
 * close it at any time. A call that is using it then keeps the number until it returns, so that the
 * number cannot come to mean another file in the middle of a call; closing does not wait for that.
 */
public final class Descriptor implements AutoCloseable {

  /** fcntl(2). */
  private static final int F_DUPFD_CLOEXEC = 1030;

  private final int number;
  private final boolean isDevice;
  private int users;
  private boolean closed;

  /** Takes ownership of {@code number}. */
  Descriptor(int number) {
    this(number, /* isDevice= */ false);
  }

  /** Takes ownership of {@code number}, which is that of a device if it says so, of no socket. */
  Descriptor(int number, boolean isDevice) {
    this.number = number;
    this.isDevice = isDevice;
  }

  /**
   * Whether it is that of a device, such as a tap: read(2) and write(2) move one frame each. Once
   * one fails, the device is gone.
   */
  public boolean isDevice() {
    return isDevice;
  }

  /**
   * Another descriptor of the same open file, with an owner of its own.
   *
   * @throws SystemCallException with {@code EMFILE} when descriptors run out
   */
  public Descriptor duplicate() throws IOException {
    NativeFunction fcntl = Libc.get().fcntl;
    int original = acquire();
    try {
      return new Descriptor(fcntl.checked(fcntl.call(original, F_DUPFD_CLOEXEC, 0)), isDevice);
    } finally {
      release();
    }
  }

  /** The number, good until {@link #release}, which must follow. */
  synchronized int acquire() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    users++;
    return number;
  }

  synchronized void release() {
    users--;
    closeUnused();
  }

  /** Whether {@link #close} has been called. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Gives the descriptor back to the operating system. Never blocks. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      closeUnused();
    }
  }

  private void closeUnused() {
    if (closed && users == 0) {
      // Not repeated after EINTR: Linux has freed the number by then, see close(2).
      Libc.get().close.call(number);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + number;
  }
}
