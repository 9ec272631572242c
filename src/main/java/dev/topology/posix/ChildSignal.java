package dev.topology.posix;

/** SIGCHLD, as this process was started with it. */
final class ChildSignal {
  private static final long SIG_DFL = 0;
  private static final long SIG_IGN = 1;
  private static final int SIGACTION_BYTES = 256;

  private ChildSignal() {}

  /**
   * Sees to it that the ends of children can be waited for. Where whoever started this process had
   * SIGCHLD ignored, so has this process, and the kernel then forgets how children ended (wait(2),
   * "Linux notes"); the JDK undoes that in the same way before its own first child.
   */
  static void makeCollectable() {
    Libc libc = Libc.get();
    try (NativeMemory memory = new NativeMemory()) {
      long current = memory.allocate(SIGACTION_BYTES);
      libc.sigaction.call(Signal.CHLD.number(), 0, current);
      // The handler is the first member of struct sigaction.
      if (memory.getAddress(current) == SIG_IGN) {
        libc.signal.call(Signal.CHLD.number(), SIG_DFL);
      }
    }
  }
}
