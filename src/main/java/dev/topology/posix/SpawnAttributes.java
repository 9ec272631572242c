package dev.topology.posix;

import java.util.OptionalInt;

/**
 * A child's signals and process group: {@code posix_spawnattr_t}.
 *
 * <p>A JVM ignores and blocks signals that a program expects to find as a shell would leave them.
 */
final class SpawnAttributes implements AutoCloseable {
  /** More than any C library needs; glibc's has 336 bytes. */
  private static final int SIZE_BYTES = 1024;

  /** {@code sigset_t} has 128 bytes in glibc and musl. */
  private static final int SIGNAL_SET_BYTES = 128;

  private static final int POSIX_SPAWN_SETPGROUP = 2;
  private static final int POSIX_SPAWN_SETSIGDEF = 4;
  private static final int POSIX_SPAWN_SETSIGMASK = 8;

  /** glibc 2.26 and later, musl 1.1.22 and later. */
  private static final int POSIX_SPAWN_SETSID = 0x80;

  private final Libc libc = Libc.get();
  private final long address;

  /**
   * Attributes; {@code memory} must live longer than this.
   *
   * @param blocked whether the child starts with all signals blocked, or none
   * @param session whether the child gets a session of its own
   * @param group the group to join, 0 for one of its own, nothing for this process's
   */
  SpawnAttributes(NativeMemory memory, boolean blocked, boolean session, OptionalInt group) {
    this.address = memory.allocate(SIZE_BYTES);
    long all = memory.allocate(SIGNAL_SET_BYTES);
    libc.sigfillset.call(all);
    long none = memory.allocate(SIGNAL_SET_BYTES);

    // These fail only for an invalid address or flag.
    libc.attributesInit.call(address);
    libc.attributesSetDefault.call(address, all);
    libc.attributesSetMask.call(address, blocked ? all : none);
    group.ifPresent(number -> libc.attributesSetGroup.call(address, number));
    int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    flags |= session ? POSIX_SPAWN_SETSID : 0;
    libc.attributesSetFlags.call(
        address, group.isPresent() ? flags | POSIX_SPAWN_SETPGROUP : flags);
  }

  long address() {
    return address;
  }

  @Override
  public void close() {
    libc.attributesDestroy.call(address);
  }
}
