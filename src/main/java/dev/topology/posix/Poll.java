package dev.topology.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/**
 * Waits until one of several sockets can be read or written, or until a time is up, to about ten
 * microseconds: {@code ppoll(2)}. The sockets stay their owners'.
 *
 * <p>Used by one thread, which other threads can {@link #wake}; closed when that thread has ended.
 */
public final class Poll implements AutoCloseable {

  private static final int ENTRY_BYTES = 8;
  private static final int ENTRY_EVENTS = 4;
  private static final int ENTRY_FOUND = 6;
  private static final int TIMESPEC_NANOS = 8;
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final long SECOND = 1_000_000_000L;

  private final List<Descriptor> sockets;
  private final Descriptor alarm;
  private final NativeBlock entries;
  private final NativeBlock timeout = new NativeBlock(2 * Long.BYTES);
  private final NativeBlock word = new NativeBlock(Long.BYTES);

  /**
   * Waits for these sockets, which are known by their index.
   *
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public Poll(List<Descriptor> sockets) throws IOException {
    this.sockets = List.copyOf(sockets);
    this.entries = new NativeBlock((sockets.size() + 1) * ENTRY_BYTES);
    NativeFunction eventfd = Libc.get().eventfd;
    int number = eventfd.checked(eventfd.call(0, EFD_CLOEXEC | EFD_NONBLOCK));
    this.alarm = new Descriptor(number);
  }

  /**
   * Makes the waits of the calling thread end on time: by default the kernel may be up to 50
   * microseconds late. prctl(2), PR_SET_TIMERSLACK.
   */
  public static void makePunctual() {
    Libc.get().prctl.call(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  }

  /** Whether to wait until a socket can be read, or written, or either; or not for it at all. */
  public void interest(int index, boolean read, boolean write) {
    int events = (read ? POLLIN : 0) | (write ? POLLOUT : 0);
    entries.bytes().putShort(index * ENTRY_BYTES + ENTRY_EVENTS, (short) events);
  }

  /**
   * Waits until one of them can be used, {@link #wake} is called, or the time is up.
   *
   * @param nanos how long; less than 0: without limit
   */
  public void await(long nanos) throws IOException {
    int held = 0;
    try {
      for (; held < sockets.size(); held++) {
        int number = sockets.get(held).acquire();
        boolean isWanted = entries.bytes().getShort(held * ENTRY_BYTES + ENTRY_EVENTS) != 0;
        // A negative number is not looked at: what is broken would end each wait at once otherwise.
        entries.bytes().putInt(held * ENTRY_BYTES, isWanted ? number : ~number);
      }
      waitFor(nanos);
    } finally {
      while (held > 0) {
        sockets.get(--held).release();
      }
    }
  }

  private void waitFor(long nanos) throws IOException {
    ByteBuffer bytes = entries.bytes();
    int last = sockets.size() * ENTRY_BYTES;
    int number = alarm.acquire();
    try {
      bytes.putInt(last, number);
      bytes.putShort(last + ENTRY_EVENTS, POLLIN);
      timeout.bytes().putLong(0, nanos / SECOND).putLong(TIMESPEC_NANOS, nanos % SECOND);
      NativeFunction ppoll = Libc.get().ppoll;
      long limit = nanos < 0 ? 0 : timeout.address();
      long found = ppoll.call(entries.address(), sockets.size() + 1, limit, 0);
      if (found == -1) {
        boolean isInterrupted = NativeFunction.errno() == Libc.EINTR;
        forgetFindings();
        if (!isInterrupted) {
          throw SystemCallException.last(ppoll);
        }
      } else if (bytes.getShort(last + ENTRY_FOUND) != 0) {
        Libc.get().read.call(number, word.address(), Long.BYTES);
      }
    } finally {
      alarm.release();
    }
  }

  private void forgetFindings() {
    for (int index = 0; index < sockets.size(); index++) {
      entries.bytes().putShort(index * ENTRY_BYTES + ENTRY_FOUND, (short) 0);
    }
  }

  /** Whether the last wait found that there is something to read, or to be told by reading. */
  public boolean isReadable(int index) {
    return (entries.bytes().getShort(index * ENTRY_BYTES + ENTRY_FOUND) & ~POLLOUT) != 0;
  }

  /** Whether the last wait found that there is room to write. */
  public boolean isWritable(int index) {
    return (entries.bytes().getShort(index * ENTRY_BYTES + ENTRY_FOUND) & ~POLLIN) != 0;
  }

  /** Ends the present wait, or the next one if there is none. Never blocks. From any thread. */
  public void wake() {
    try (NativeMemory memory = new NativeMemory()) {
      long one = memory.allocate(Long.BYTES);
      memory.putInt(one, 1);
      int number = alarm.acquire();
      try {
        Libc.get().write.call(number, one, Long.BYTES);
      } finally {
        alarm.release();
      }
    } catch (ClosedChannelException nobodyWaits) {
      // Closed: the thread that waited has ended.
    }
  }

  @Override
  public void close() {
    alarm.close();
  }
}
