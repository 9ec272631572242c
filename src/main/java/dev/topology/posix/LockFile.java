package dev.topology.posix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is locked while a process uses what the file stands for. The kernel unlocks it when
 * the process ends in any way.
 *
 * <p>The lock belongs to the open file, not to the process (F_OFD_SETLK of fcntl(2)): the JDK's
 * locks are lost as soon as their process closes <em>any</em> descriptor of the file, such as that
 * of a second attempt to lock it. One can also ask whether it is held without taking it for a
 * moment. Thread-safe.
 */
public final class LockFile implements AutoCloseable {

  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0100;
  private static final int O_CLOEXEC = 02000000;
  private static final int OWNER_ONLY = 0600;

  private static final int F_OFD_GETLK = 36;
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;

  /**
   * {@code struct flock}, of 32 bytes: its first two say the type of lock, here of all the file.
   */
  private static final int STRUCT_BYTES = 32;

  private static final int F_RDLCK = 0;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;
  private static final int TYPE_MASK = 0xFFFF;

  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int ENOENT = 2;

  private final Descriptor descriptor;

  private LockFile(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Locks a file, which is made if it is not there.
   *
   * @return the lock; empty if another holds it, in this process or elsewhere
   */
  public static Optional<LockFile> tryLock(Path file) throws IOException {
    while (true) {
      Descriptor opened = open(file, O_CREAT);
      boolean kept = false;
      try {
        if (!control(opened, F_OFD_SETLK, F_WRLCK)) {
          return Optional.empty();
        }
        // Its last holder may have removed the file between our opening and locking it.
        kept = isStill(file, opened);
        if (kept) {
          return Optional.of(new LockFile(opened));
        }
      } finally {
        if (!kept) {
          opened.close();
        }
      }
    }
  }

  /** Whether the lock of a file is held; not if there is no such file. */
  public static boolean isHeld(Path file) throws IOException {
    try (Descriptor opened = open(file, 0);
        NativeMemory memory = new NativeMemory()) {
      long wanted = memory.allocate(STRUCT_BYTES);
      memory.putInt(wanted, F_WRLCK);
      call(opened, F_OFD_GETLK, wanted);
      return (memory.getInt(wanted) & TYPE_MASK) != F_UNLCK;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Waits until the lock of a file is not held, without a limit. */
  public static void awaitRelease(Path file) throws IOException {
    try (Descriptor opened = open(file, 0)) {
      control(opened, F_OFD_SETLKW, F_RDLCK);
    } catch (NoSuchFileException e) {
      // Gone with its holder.
    }
  }

  private static Descriptor open(Path file, int flags) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      NativeFunction open = Libc.get().open;
      long path = memory.string(file.toString());
      int number;
      do {
        number = (int) open.call(path, O_RDWR | O_CLOEXEC | flags, OWNER_ONLY);
      } while (number < 0 && NativeFunction.errno() == Libc.EINTR);
      if (number >= 0) {
        return new Descriptor(number);
      }
      if (NativeFunction.errno() == ENOENT) {
        throw new NoSuchFileException(file.toString());
      }
      throw new SystemCallException("cannot open " + file, NativeFunction.errno());
    }
  }

  /** Whether it was done; if not, another holds the lock. */
  private static boolean control(Descriptor opened, int command, int type) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      long lock = memory.allocate(STRUCT_BYTES);
      memory.putInt(lock, type);
      return call(opened, command, lock);
    }
  }

  private static boolean call(Descriptor opened, int command, long lock) throws IOException {
    NativeFunction fcntl = Libc.get().fcntl;
    int number = opened.acquire();
    try {
      while (fcntl.call(number, command, lock) < 0) {
        int errno = NativeFunction.errno();
        if (errno == EAGAIN || errno == EACCES) {
          return false;
        }
        if (errno != Libc.EINTR) {
          throw SystemCallException.last(fcntl);
        }
      }
      return true;
    } finally {
      opened.release();
    }
  }

  /** Whether it is the lock of the file that is there now; not so if that was removed. */
  public boolean isOf(Path file) {
    try {
      return isStill(file, descriptor);
    } catch (ClosedChannelException released) {
      return false;
    }
  }

  private static boolean isStill(Path file, Descriptor opened) throws ClosedChannelException {
    int number = opened.acquire();
    try {
      return Files.isSameFile(file, Path.of("/proc/self/fd/" + number));
    } catch (IOException removed) {
      return false;
    } finally {
      opened.release();
    }
  }

  /** Unlocks it. The file stays. Idempotent. */
  @Override
  public void close() {
    descriptor.close();
  }
}
