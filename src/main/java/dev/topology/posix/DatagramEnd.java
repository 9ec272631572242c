package dev.topology.posix;

import java.io.IOException;

/**
 * One end of a {@link SocketPair#datagram() datagram} pair that this process keeps while no child
 * has it: one has ended, and the next is not started yet.
 *
 * <p>Unread, it would hold the peer back once 93 frames wait, and the next child would get those
 * old frames. So a filter in the kernel makes it take and drop every datagram, as a closed socket
 * would: see {@code SO_ATTACH_FILTER} in socket(7), and unix_dgram_sendmsg in net/unix/af_unix.c,
 * which drops such a datagram and tells the sender that it was sent.
 */
public final class DatagramEnd {
  private static final int SOL_SOCKET = 1;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int SO_DETACH_FILTER = 27;
  private static final int MSG_DONTWAIT = 0x40;

  /** struct sock_fprog: a length, padding, and a pointer to the instructions. */
  private static final int PROGRAM_BYTES = 16;

  private static final int PROGRAM_POINTER = 8;

  /**
   * struct sock_filter {@code BPF_RET | BPF_K}, with the number of bytes to keep as its operand.
   */
  private static final byte[] KEEP_NOTHING = {6, 0, 0, 0, 0, 0, 0, 0};

  private final Descriptor socket;

  /** An end whose descriptor stays its owner's. */
  public DatagramEnd(Descriptor socket) {
    this.socket = socket;
  }

  /** Drops the datagrams that wait, and all that arrive until {@link #keepAll}. */
  public void dropAll() throws IOException {
    int number = socket.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long program = memory.allocate(PROGRAM_BYTES);
      long instructions = memory.allocate(KEEP_NOTHING.length);
      memory.putBytes(instructions, KEEP_NOTHING);
      memory.putInt(program, 1);
      memory.putAddress(program + PROGRAM_POINTER, instructions);
      set(number, SO_ATTACH_FILTER, program, PROGRAM_BYTES);
      dropWhatHasCome(number, memory.allocate(1));
    } finally {
      socket.release();
    }
  }

  /** A datagram read in part is gone as a whole. */
  private static void dropWhatHasCome(int number, long aByte) {
    while (Libc.get().recv.call(number, aByte, 1, MSG_DONTWAIT) >= 0) {
      // Until there is none.
    }
  }

  /** Keeps the datagrams that arrive from now on, for the next reader. */
  public void keepAll() throws IOException {
    int number = socket.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      set(number, SO_DETACH_FILTER, memory.allocate(Integer.BYTES), Integer.BYTES);
    } finally {
      socket.release();
    }
  }

  private static void set(int number, int option, long value, int bytes) throws IOException {
    NativeFunction setsockopt = Libc.get().setsockopt;
    if (setsockopt.call(number, SOL_SOCKET, option, value, bytes) == -1) {
      throw SystemCallException.last(setsockopt);
    }
  }
}
