package dev.topology.posix;

import com.kenai.jffi.MemoryIO;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap, which the C library can be given and Java can read. It is freed some
 * time after the last reference to this is gone: keep the block as long as its bytes are used. Not
 * thread-safe.
 */
public final class NativeBlock {

  private static final Cleaner CLEANER = Cleaner.create();

  private final long address;
  private final ByteBuffer bytes;

  /**
   * A block of that many bytes. Only a small one is zeroed: a large one takes its memory page by
   * page when it is first written, where the JDK's own buffers take all of it at once.
   */
  public NativeBlock(int size) {
    MemoryIO memory = Libc.get().memory;
    boolean zeroed = size <= Long.BYTES * 1024;
    long allocated = memory.allocateMemory(Math.max(size, 1), zeroed);
    if (allocated == 0) {
      throw new OutOfMemoryError("the C library has no " + size + " bytes left");
    }
    address = allocated;
    bytes = memory.newDirectByteBuffer(allocated, size).order(ByteOrder.nativeOrder());
    CLEANER.register(this, () -> memory.freeMemory(allocated));
  }

  /** The whole block, to be read and written by index. */
  public ByteBuffer bytes() {
    return bytes;
  }

  long address() {
    return address;
  }
}
