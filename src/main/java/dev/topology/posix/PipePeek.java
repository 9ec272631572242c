package dev.topology.posix;

import java.io.IOException;
import java.util.Arrays;

/**
 * Looks at what is in a pipe of this process without taking it out: {@code tee(2)} copies it into a
 * pipe of our own. Not thread-safe.
 */
public final class PipePeek implements AutoCloseable {

  private static final int CAPACITY = 64 * 1024;
  private static final int O_CLOEXEC = 0x80000;
  private static final int SPLICE_F_NONBLOCK = 2;

  private final int pipe;
  private final Descriptor out;
  private final Descriptor in;

  private PipePeek(int pipe, Descriptor out, Descriptor in) {
    this.pipe = pipe;
    this.out = out;
    this.in = in;
  }

  /**
   * Makes one that looks into a pipe.
   *
   * @param pipe the number of its reading end, which stays open as long as this is used
   * @throws SystemCallException with {@code EMFILE} or {@code ENFILE} when descriptors run out
   */
  public static PipePeek into(int pipe) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      long ends = memory.allocate(2 * Integer.BYTES);
      NativeFunction pipe2 = Libc.get().pipe2;
      pipe2.checked(pipe2.call(ends, O_CLOEXEC));
      return new PipePeek(
          pipe,
          new Descriptor(memory.getInt(ends)),
          new Descriptor(memory.getInt(ends + Integer.BYTES)));
    }
  }

  /**
   * What is in the pipe after its first {@code skipped} bytes. Only the first 64 KiB of a pipe can
   * be seen.
   *
   * @param waits whether to wait until the pipe holds something or has ended; only if {@code
   *     skipped} is 0
   * @return nothing if there is no more now; with {@code waits}, nothing means the end
   */
  public byte[] look(int skipped, boolean waits) throws IOException {
    int source = out.acquire();
    int target = in.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      NativeFunction tee = Libc.get().tee;
      long count;
      do {
        count = tee.call(pipe, target, CAPACITY, waits ? 0 : SPLICE_F_NONBLOCK);
      } while (count == -1 && NativeFunction.errno() == Libc.EINTR);
      if (count == -1 && NativeFunction.errno() == Libc.EAGAIN) {
        return new byte[0];
      }
      if (count == -1) {
        throw SystemCallException.last(tee);
      }
      byte[] seen = taken(source, (int) count, memory);
      return Arrays.copyOfRange(seen, Math.min(skipped, seen.length), seen.length);
    } finally {
      in.release();
      out.release();
    }
  }

  private static byte[] taken(int source, int count, NativeMemory memory) throws IOException {
    byte[] bytes = new byte[count];
    long block = memory.allocate(Math.max(1, count));
    for (int done = 0; done < count; ) {
      NativeFunction read = Libc.get().read;
      long piece = read.call(source, block, count - done);
      if (piece <= 0) {
        throw SystemCallException.last(read);
      }
      System.arraycopy(memory.getBytes(block, (int) piece), 0, bytes, done, (int) piece);
      done += (int) piece;
    }
    return bytes;
  }

  @Override
  public void close() {
    in.close();
    out.close();
  }
}
