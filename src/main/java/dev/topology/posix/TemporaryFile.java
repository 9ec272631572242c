package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file without a name, for children to inherit: it is gone, and the room that it took is free,
 * when the last process that has it open has ended, however it ends. Not thread-safe.
 */
public final class TemporaryFile implements AutoCloseable {

  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;

  /** Includes O_DIRECTORY: open(2). */
  private static final int O_TMPFILE = 0x410000;

  private static final int FOR_THE_OWNER = 0600;
  private static final int PIECE = 64 * 1024;

  private final Descriptor descriptor;

  private TemporaryFile(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Makes one in a directory.
   *
   * @param name unique there: a file system that cannot make a file without a name, such as NFS,
   *     shows it for a moment
   */
  public static TemporaryFile create(Path directory, String name) throws IOException {
    Libc libc = Libc.get();
    try (NativeMemory memory = new NativeMemory()) {
      long number =
          libc.open.call(
              memory.string(directory.toString()), O_TMPFILE | O_RDWR | O_CLOEXEC, FOR_THE_OWNER);
      if (number >= 0) {
        return new TemporaryFile(new Descriptor((int) number));
      }
      Path file = directory.resolve(name);
      int flags = O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC;
      number = libc.open.call(memory.string(file.toString()), flags, FOR_THE_OWNER);
      TemporaryFile made = new TemporaryFile(new Descriptor(libc.open.checked(number)));
      Files.delete(file);
      return made;
    }
  }

  /** What children inherit. It stays this object's. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Appends these bytes. */
  public void write(byte[] bytes) throws IOException {
    Libc libc = Libc.get();
    int number = descriptor.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long piece = memory.allocate(PIECE);
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(PIECE, bytes.length - at);
        libc.memory.putByteArray(piece, bytes, at, length);
        at += libc.write.checked(libc.write.call(number, piece, length));
      }
    } finally {
      descriptor.release();
    }
  }

  /** Makes it that long; what is new is zeros, and takes no room. */
  public void resize(long bytes) throws IOException {
    Libc libc = Libc.get();
    int number = descriptor.acquire();
    try {
      libc.ftruncate.checked(libc.ftruncate.call(number, bytes));
    } finally {
      descriptor.release();
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
