package dev.topology.posix;

import java.io.IOException;

/** A descriptor on its way to another process over a socket: {@code SCM_RIGHTS} in unix(7). */
final class PassedDescriptor {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_NOSIGNAL = 0x4000;

  // struct msghdr, struct iovec and struct cmsghdr of 64-bit Linux: sendmsg(2), cmsg(3).
  private static final int MESSAGE_BYTES = 56;
  private static final int MESSAGE_VECTOR = 16;
  private static final int MESSAGE_VECTOR_COUNT = 24;
  private static final int MESSAGE_CONTROL = 32;
  private static final int MESSAGE_CONTROL_BYTES = 40;
  private static final int VECTOR_BYTES = 16;
  private static final int CONTROL_SPACE = 24;
  private static final int CONTROL_LENGTH = 16 + Integer.BYTES;

  private PassedDescriptor() {}

  /**
   * Sends bytes, the first of them with a copy of the descriptor.
   *
   * @return how many bytes were sent, one at least
   */
  static int send(int socket, long address, int bytes, Descriptor passed) throws IOException {
    int number = passed.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long message = memory.allocate(MESSAGE_BYTES);
      memory.putAddress(message + MESSAGE_VECTOR, vector(memory, address, bytes));
      memory.putAddress(message + MESSAGE_VECTOR_COUNT, 1);
      memory.putAddress(message + MESSAGE_CONTROL, control(memory, number));
      memory.putAddress(message + MESSAGE_CONTROL_BYTES, CONTROL_SPACE);
      NativeFunction sendmsg = Libc.get().sendmsg;
      long sent;
      do {
        sent = sendmsg.call(socket, message, MSG_NOSIGNAL);
      } while (sent == -1 && NativeFunction.errno() == Libc.EINTR);
      if (sent == -1) {
        throw SystemCallException.last(sendmsg);
      }
      return (int) sent;
    } finally {
      passed.release();
    }
  }

  private static long vector(NativeMemory memory, long address, int bytes) {
    long vector = memory.allocate(VECTOR_BYTES);
    memory.putAddress(vector, address);
    memory.putAddress(vector + Long.BYTES, bytes);
    return vector;
  }

  private static long control(NativeMemory memory, int number) {
    long control = memory.allocate(CONTROL_SPACE);
    memory.putAddress(control, CONTROL_LENGTH);
    memory.putInt(control + Long.BYTES, SOL_SOCKET);
    memory.putInt(control + Long.BYTES + Integer.BYTES, SCM_RIGHTS);
    memory.putInt(control + 2 * Long.BYTES, number);
    return control;
  }
}
