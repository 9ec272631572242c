package dev.topology.posix;

import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * The ways to keep this process's other descriptors out of a child. The JDK's own, about thirty,
 * are not close-on-exec; one cable's end too many in a QEMU hides that its other end has gone.
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
