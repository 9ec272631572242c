package dev.topology.posix;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What a child does with its descriptors and directory before its program starts, in order: {@code
 * posix_spawn_file_actions_t}. Not thread-safe.
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

  /**
   * Descriptors on their way to a child: none of their numbers can be closed or reused before this
   * is closed. Not thread-safe.
   */
  static final class Inherited implements AutoCloseable {

    /** A number here, and the number the child knows it by. */
    private record Handed(int source, int target) {}

    private final List<Descriptor> held = new ArrayList<>();
    private final List<Handed> handed = new ArrayList<>();

    /** Holds {@code descriptors}, by their numbers in the child. */
    static Inherited of(SortedMap<Integer, Descriptor> descriptors) throws IOException {
      Inherited inherited = new Inherited();
      try {
        for (var entry : descriptors.entrySet()) {
          int source = entry.getValue().acquire();
          inherited.held.add(entry.getValue());
          inherited.handed.add(new Handed(source, entry.getKey()));
        }
        return inherited;
      } catch (IOException e) {
        inherited.close();
        throw new IOException("a descriptor meant for a child is closed already", e);
      }
    }

    /**
     * Gives every descriptor its number in the child, without close-on-exec.
     *
     * <p>One step each would be wrong: if 3 is to become 4 and 4 is to become 3, the first step
     * overwrites the source of the second. So all are first moved above every number that matters.
     * That happens in the child, where the higher numbers are free: this process, which may be
     * killed or start another program at any moment, never has more descriptors than its own.
     */
    void connect(FileActions actions) throws IOException {
      int spare = firstSpare();
      for (Handed each : handed) {
        actions.duplicate(each.source(), spare++);
      }
      spare = firstSpare();
      for (Handed each : handed) {
        actions.duplicate(spare, each.target());
        actions.close(spare++);
      }
    }

    private int firstSpare() {
      return 1 + handed.stream().mapToInt(it -> Math.max(it.source(), it.target())).max().orElse(2);
    }

    /**
     * Closes the numbers between those that are given. What keeps other descriptors out closes all
     * numbers above.
     *
     * @return the lowest number above all those that are given
     */
    int closeGaps(FileActions actions) throws IOException {
      int next = 3;
      for (Handed each : handed) {
        for (; next < each.target(); next++) {
          actions.close(next);
        }
        next = Math.max(next, each.target() + 1);
      }
      return next;
    }

    @Override
    public void close() {
      held.forEach(Descriptor::release);
      held.clear();
    }
  }

  /**
   * The ways to keep this process's other descriptors out of a child. The JDK's own, about thirty,
   * are not close-on-exec; an extra copy of a cable's end in a QEMU hides that the other end is
   * closed.
   */
  enum Isolation {
    /** The child closes them. Nothing can slip through. */
    CLOSE_IN_CHILD {
      @Override
      boolean isolate(FileActions actions, int lowest) throws IOException {
        if (!Libc.get().actionsAddCloseFrom.exists()) {
          return false;
        }
        actions.closeFrom(lowest);
        return true;
      }
    },

    /** {@code close_range(2)}, Linux 5.11 and later; what is opened after it slips through. */
    MARK_RANGE {
      @Override
      boolean isolate(FileActions actions, int lowest) {
        return Libc.get().syscall.call(SYS_CLOSE_RANGE, FIRST, LAST, CLOSE_RANGE_CLOEXEC, 0) == 0;
      }
    },

    /** One by one; what is opened meanwhile slips through. */
    MARK_EACH {
      @Override
      boolean isolate(FileActions actions, int lowest) {
        String[] numbers = new File("/proc/self/fd").list();
        if (numbers == null) {
          return false;
        }
        for (String number : numbers) {
          if (Integer.parseInt(number) >= FIRST) {
            Libc.get().fcntl.call(Integer.parseInt(number), F_SETFD, FD_CLOEXEC);
          }
        }
        return true;
      }
    };

    /** The best first: glibc has had the first since 2.34, musl does not have it. */
    static final List<Isolation> PREFERENCE = List.of(CLOSE_IN_CHILD, MARK_RANGE, MARK_EACH);

    private static final int SYS_CLOSE_RANGE = 436;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int FIRST = 3;
    private static final int LAST = Integer.MAX_VALUE;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    /**
     * Keeps descriptors out of the child that runs {@code actions}, where this way exists.
     *
     * @param lowest the number from which on the child needs none
     * @return whether it exists here
     */
    abstract boolean isolate(FileActions actions, int lowest) throws IOException;
  }
}
