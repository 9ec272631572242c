package dev.topology.posix;

import java.io.IOException;

/**
 * What a child does with its descriptors and directory between its birth and its program, in order:
 * {@code posix_spawn_file_actions_t}. Not thread-safe.
 */
final class FileActions implements AutoCloseable {
  /** More than any C library needs; glibc's has 80 bytes. */
  private static final int SIZE_BYTES = 512;

  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0100;
  private static final int O_APPEND = 02000;
  private static final int EBADF = 9;
  private static final int EMFILE = 24;
  private static final int OWNER_ONLY = 0600;

  private final Libc libc = Libc.get();
  private final NativeMemory memory;
  private final long address;

  /** An empty list; {@code memory} must live longer than this. */
  FileActions(NativeMemory memory) throws IOException {
    this.memory = memory;
    this.address = memory.allocate(SIZE_BYTES);
    check(libc.actionsInit, libc.actionsInit.call(address));
  }

  long address() {
    return address;
  }

  void duplicate(int from, int to) throws IOException {
    check(libc.actionsAddDup2, libc.actionsAddDup2.call(address, from, to));
  }

  void close(int number) throws IOException {
    check(libc.actionsAddClose, libc.actionsAddClose.call(address, number));
  }

  /** Available only where {@link Libc#actionsAddCloseFrom} exists. */
  void closeFrom(int lowest) throws IOException {
    check(libc.actionsAddCloseFrom, libc.actionsAddCloseFrom.call(address, lowest));
  }

  void readNothingAt(int number) throws IOException {
    openNull(number, O_RDONLY);
  }

  void writeNowhereAt(int number) throws IOException {
    openNull(number, O_WRONLY);
  }

  private void openNull(int number, int flags) throws IOException {
    open("/dev/null", number, flags);
  }

  void appendAt(int number, String file) throws IOException {
    open(file, number, O_WRONLY | O_CREAT | O_APPEND);
  }

  private void open(String file, int number, int flags) throws IOException {
    long path = memory.string(file);
    check(libc.actionsAddOpen, libc.actionsAddOpen.call(address, number, path, flags, OWNER_ONLY));
  }

  void changeDirectory(String directory) throws IOException {
    long path = memory.string(directory);
    check(libc.actionsAddChdir, libc.actionsAddChdir.call(address, path));
  }

  private static void check(NativeFunction function, long errno) throws IOException {
    if (errno == EBADF) {
      // Said of numbers beyond the limit of open files: posix_spawn_file_actions_adddup2(3).
      throw new SystemCallException(function.name(), EMFILE);
    }
    if (errno != 0) {
      throw new SystemCallException(function.name(), (int) errno);
    }
  }

  @Override
  public void close() {
    libc.actionsDestroy.call(address);
  }
}
