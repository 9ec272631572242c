package dev.topology.posix;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A named pipe, fifo(7): a file that another process writes while it is read here. It is there
 * until closed. Not thread-safe.
 */
public final class NamedPipe implements AutoCloseable {
  private static final int FOR_THE_OWNER = 0600;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_SETPIPE_SZ = 1031;

  /** The most that Linux allows an ordinary user: /proc/sys/fs/pipe-max-size. */
  private static final int BUFFER_BYTES = 1 << 20;

  private static final int BUFFERED_BYTES = 64 << 10;

  private final Path path;
  private final Descriptor keeper;

  private NamedPipe(Path path, Descriptor keeper) {
    this.path = path;
    this.keeper = keeper;
  }

  /**
   * Makes one that only this user can open. Until it is closed, opening it for writing does not
   * wait for a reader, and it holds a megabyte, if the system allows that much.
   *
   * @throws SystemCallException with {@code EEXIST} if there is a file of that name
   */
  public static NamedPipe create(Path path) throws IOException {
    Libc libc = Libc.get();
    try (NativeMemory memory = new NativeMemory()) {
      long name = memory.string(path.toString());
      libc.mkfifo.checked(libc.mkfifo.call(name, FOR_THE_OWNER));
      // Opened in both directions, it does not wait for a writer; on Linux only: fifo(7).
      long number = libc.open.call(name, O_RDWR | O_CLOEXEC, 0);
      if (number == -1) {
        SystemCallException failure = SystemCallException.last(libc.open);
        Files.deleteIfExists(path);
        throw failure;
      }
      libc.fcntl.call(number, F_SETPIPE_SZ, BUFFER_BYTES);
      return new NamedPipe(path, new Descriptor((int) number));
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /**
   * Opens it to be read. Its end is read once every writer has closed it and this pipe is closed.
   */
  public InputStream read() throws IOException {
    // FileInputStream by itself asks for the length of the file before it reads all of it.
    return new BufferedInputStream(new FileInputStream(path.toFile()), BUFFERED_BYTES);
  }

  /** Removes the file. Processes that have opened it keep it. */
  @Override
  public void close() throws IOException {
    keeper.close();
    Files.deleteIfExists(path);
  }
}
