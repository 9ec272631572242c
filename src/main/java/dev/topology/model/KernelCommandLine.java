package dev.topology.model;

/** How long the kernel command line of a guest can be. */
public final class KernelCommandLine {

  /**
   * Bytes that Linux reads: COMMAND_LINE_SIZE in arch/x86/include/asm/setup.h is 2048, one of them
   * for the NUL at the end. The rest is cut off silently.
   */
  public static final int LONGEST = 2047;

  /** Bytes of it that a user can have, whatever the planner adds. */
  public static final int ROOM = LONGEST - 127;

  private KernelCommandLine() {}
}
