package dev.topology.posix;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Up to {@value #CAPACITY} datagrams that are received, or sent, in one system call: the {@code
 * struct mmsghdr} of recvmmsg(2). The frames of a device take one call each. Not thread-safe.
 */
public final class Datagrams {

  /** How many there can be. */
  public static final int CAPACITY = 64;

  /** The longest datagram: what QEMU takes for the longest frame, NET_BUFSIZE in its net.h. */
  public static final int LONGEST = 4096 + 65536;

  // Offsets in the structures of 64-bit Linux: sendmmsg(2), sendmsg(2), readv(2).
  private static final int HEADER_BYTES = 64;
  private static final int HEADER_VECTOR = 16;
  private static final int HEADER_VECTOR_COUNT = 24;
  private static final int HEADER_LENGTH = 56;
  private static final int VECTOR_BYTES = 16;
  private static final int VECTOR_LENGTH = 8;
  private static final int MSG_PEEK = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  // socket(7), and struct sock_fprog: a length, padding, and a pointer to the instructions.
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_DETACH_FILTER = 27;
  private static final int PROGRAM_BYTES = 16;
  private static final int PROGRAM_POINTER = 8;

  /**
   * struct sock_filter {@code BPF_RET | BPF_K}, with the number of bytes to keep as its operand.
   */
  private static final byte[] KEEP_NOTHING = {6, 0, 0, 0, 0, 0, 0, 0};

  private final NativeBlock headers = new NativeBlock(CAPACITY * HEADER_BYTES);
  private final NativeBlock vectors = new NativeBlock(CAPACITY * VECTOR_BYTES);
  private int count;

  private Datagrams() {
    for (int at = 0; at < CAPACITY; at++) {
      int header = at * HEADER_BYTES;
      headers.bytes().putLong(header + HEADER_VECTOR, vectors.address() + (long) at * VECTOR_BYTES);
      headers.bytes().putLong(header + HEADER_VECTOR_COUNT, 1);
    }
  }

  /** An empty batch to send. */
  public static Datagrams toSend() {
    return new Datagrams();
  }

  /**
   * An empty batch to receive into {@code memory}: datagram n goes to the offset n times {@link
   * #LONGEST}.
   *
   * @param memory for {@link #CAPACITY} of them
   */
  public static Datagrams into(NativeBlock memory) {
    Datagrams datagrams = new Datagrams();
    for (int at = 0; at < CAPACITY; at++) {
      datagrams.point(at, memory.address() + (long) at * LONGEST, LONGEST);
    }
    return datagrams;
  }

  private void point(int at, long address, int length) {
    ByteBuffer bytes = vectors.bytes();
    bytes.putLong(at * VECTOR_BYTES, address);
    bytes.putLong(at * VECTOR_BYTES + VECTOR_LENGTH, length);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** The length of one that was received. */
  public int length(int at) {
    return headers.bytes().getInt(at * HEADER_BYTES + HEADER_LENGTH);
  }

  /** Forgets them all. */
  public void clear() {
    count = 0;
  }

  /** Adds one to be sent, which stays where it is until it is. */
  public void add(NativeBlock memory, int offset, int length) {
    point(count, memory.address() + offset, length);
    count++;
  }

  /**
   * Receives what is there, and never waits.
   *
   * @return how many there are now, perhaps none
   */
  public int receive(Descriptor socket) throws IOException {
    NativeFunction recvmmsg = Libc.get().recvmmsg;
    int number = socket.acquire();
    try {
      if (socket.isDevice()) {
        return read(number);
      }
      long received = recvmmsg.call(number, headers.address(), CAPACITY, MSG_DONTWAIT, 0);
      count = (int) Math.max(received, 0);
      if (received == -1 && !isTransient(NativeFunction.errno())) {
        throw SystemCallException.last(recvmmsg);
      }
      return count;
    } finally {
      socket.release();
    }
  }

  /**
   * Sends those from {@code first} on, as many as there is room for, and never waits.
   *
   * @return how many were sent; fewer than there are if there is no room for more now
   * @throws SystemCallException if the first of them cannot be sent, and none was: the other end is
   *     closed, or does not take what is so long
   */
  public int send(Descriptor socket, int first) throws IOException {
    NativeFunction sendmmsg = Libc.get().sendmmsg;
    int number = socket.acquire();
    try {
      if (socket.isDevice()) {
        return write(number, first);
      }
      long from = headers.address() + (long) first * HEADER_BYTES;
      long sent = sendmmsg.call(number, from, count - first, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent == -1 && !isTransient(NativeFunction.errno())) {
        throw SystemCallException.last(sendmmsg);
      }
      return (int) Math.max(sent, 0);
    } finally {
      socket.release();
    }
  }

  /** Whether a datagram waits at a socket to be read. */
  public static boolean isWaiting(Descriptor socket) throws IOException {
    int number = socket.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long one = memory.allocate(1);
      return Libc.get().recv.call(number, one, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
    } finally {
      socket.release();
    }
  }

  private int read(int device) throws IOException {
    NativeFunction read = Libc.get().read;
    for (count = 0; count < CAPACITY; count++) {
      long length = read.call(device, vectors.bytes().getLong(count * VECTOR_BYTES), LONGEST);
      if (length == -1) {
        if (count == 0 && !isTransient(NativeFunction.errno())) {
          throw SystemCallException.last(read);
        }
        return count;
      }
      headers.bytes().putInt(count * HEADER_BYTES + HEADER_LENGTH, (int) length);
    }
    return count;
  }

  private int write(int device, int first) throws IOException {
    NativeFunction write = Libc.get().write;
    ByteBuffer bytes = vectors.bytes();
    for (int at = first; at < count; at++) {
      int vector = at * VECTOR_BYTES;
      long address = bytes.getLong(vector);
      if (write.call(device, address, bytes.getLong(vector + VECTOR_LENGTH)) == -1) {
        if (at == first && !isTransient(NativeFunction.errno())) {
          throw SystemCallException.last(write);
        }
        return at - first;
      }
    }
    return count - first;
  }

  private static boolean isTransient(int errno) {
    return errno == Libc.EAGAIN || errno == Libc.EINTR;
  }

  /**
   * Drops the datagrams that wait at a socket, and all that arrive until {@link #keepAll}. For an
   * end of a {@link SocketPair#datagram() pair} that no child has: one has ended, and the next is
   * not started yet. Unread, it would hold the peer back once 93 frames wait, and the next child
   * would get those old frames. So a filter in the kernel makes it take and drop every datagram, as
   * a closed socket would: see unix_dgram_sendmsg in net/unix/af_unix.c, which drops such a
   * datagram and tells the sender that it was sent.
   */
  public static void dropAll(Descriptor socket) throws IOException {
    int number = socket.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long program = memory.allocate(PROGRAM_BYTES);
      long instructions = memory.allocate(KEEP_NOTHING.length);
      memory.putBytes(instructions, KEEP_NOTHING);
      memory.putInt(program, 1);
      memory.putAddress(program + PROGRAM_POINTER, instructions);
      set(number, SO_ATTACH_FILTER, program, PROGRAM_BYTES);
      long one = memory.allocate(1);
      while (Libc.get().recv.call(number, one, 1, MSG_DONTWAIT) >= 0) {
        // A datagram read in part is gone as a whole.
      }
    } finally {
      socket.release();
    }
  }

  /** Keeps the datagrams that arrive from now on, for the next reader. */
  public static void keepAll(Descriptor socket) throws IOException {
    int number = socket.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      set(number, SO_DETACH_FILTER, memory.allocate(Integer.BYTES), Integer.BYTES);
    } finally {
      socket.release();
    }
  }

  private static void set(int number, int option, long value, int bytes) throws IOException {
    NativeFunction setsockopt = Libc.get().setsockopt;
    setsockopt.checked(setsockopt.call(number, SOL_SOCKET, option, value, bytes));
  }
}
