package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a child may do with files and over TCP, and no more: a domain of Linux's Landlock, see
 * {@code landlock(7)}. It needs no privilege, holds for all that the child starts as well, and
 * cannot be left. Paths that are not there are passed over. Unix sockets with a path, UDP and
 * inherited descriptors are not restricted.
 *
 * @param reads files, and directories with all below them, that may be read and run
 * @param writes files and devices, and directories with all in them, that may be read and written;
 *     nothing can be made or removed in them
 * @param owns directories in which, at any depth, files, directories and links can also be made,
 *     removed and moved about, but no devices
 * @param connects the only TCP ports that may be connected to, of any host; any where this is empty
 */
public record Landlock(
    List<Path> reads, List<Path> writes, List<Path> owns, Optional<List<Integer>> connects) {

  /** System calls, by numbers that are the same on every machine since Linux 5.13. */
  private static final int CREATE_RULESET = 444;

  private static final int ADD_RULE = 445;
  private static final int RESTRICT_SELF = 446;

  // Rights and structures: linux/landlock.h.
  private static final int CREATE_RULESET_VERSION = 1;
  private static final int RULE_PATH_BENEATH = 1;
  private static final int RULE_NET_PORT = 2;
  private static final long READ_DIR = 1 << 3;

  /** Such as to ask a disk how large its sectors are. */
  private static final long USE_DEVICE = 1 << 15;

  /** To run, to read a file, to list a directory. */
  private static final long READ = 1 | 1 << 2 | READ_DIR;

  /** To write, to cut off, to use a device. */
  private static final long WRITE = 1 << 1 | 1 << 14 | USE_DEVICE;

  /** To make all but devices, to remove, and to link and move from one directory to another. */
  private static final long OWN =
      1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13;

  private static final long CONNECT_TCP = 1 << 1;
  private static final long ABSTRACT_SOCKETS_AND_SIGNALS = 1 | 1 << 1;

  /** How many rights to files each version knows, from the first one on. */
  private static final int[] FILE_RIGHTS = {13, 14, 15, 15, 16};

  private static final int VERSION_WITH_TCP = 4;
  private static final int VERSION_WITH_SCOPES = 6;

  private static final int PR_SET_NO_NEW_PRIVS = 38;

  /** ENOMEM, ENFILE and EMFILE: the fault is not the file's. */
  private static final Set<Integer> OWN_FAULTS = Set.of(12, 23, 24);

  private static final int O_PATH_CLOEXEC = 0x28_0000;

  public Landlock {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    owns = List.copyOf(owns);
    connects = connects.map(List::copyOf);
  }

  /** Of a child that makes and removes nothing. */
  public Landlock(List<Path> reads, List<Path> writes, Optional<List<Integer>> connects) {
    this(reads, writes, List.of(), connects);
  }

  /** The version that this kernel has; 0 where it has none, or it is switched off. */
  public static int version() {
    return (int) Math.max(0, system(CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION, 0));
  }

  /**
   * Makes a call in a thread that is confined: a process that the call starts is confined from its
   * first instruction.
   *
   * @param call of the C library; nothing else, since the thread can open no file of this JVM's
   * @return what the call returned
   * @throws IOException if this kernel does not have it, or will not do it
   */
  long confine(LongSupplier call) throws IOException {
    try (NativeMemory memory = new NativeMemory()) {
      int rules = create(memory);
      try {
        allow(rules, memory);
        ConfinedCall confined = new ConfinedCall(rules, call);
        Thread thread = new Thread(confined, "confined-spawn");
        thread.start();
        join(thread);
        return confined.result();
      } finally {
        Libc.get().close.call(rules);
      }
    }
  }

  /** Waits even when interrupted: a process may have been started, and its number is needed. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Confines its thread for good, and makes the call; the thread ends with it. */
  private static final class ConfinedCall implements Runnable {
    private final Libc libc = Libc.get();
    private final int rules;
    private final LongSupplier call;
    private String failed = "confine a thread";
    private int errno;
    private long result;

    ConfinedCall(int rules, LongSupplier call) {
      this.rules = rules;
      this.call = call;
    }

    @Override
    public void run() {
      if (libc.prctl.call(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) {
        failed = "prctl";
        errno = NativeFunction.errno();
      } else if (libc.syscall.call(RESTRICT_SELF, rules, 0, 0, 0) == -1) {
        failed = "landlock_restrict_self";
        errno = NativeFunction.errno();
      } else {
        result = call.getAsLong();
        failed = "";
      }
    }

    long result() throws IOException {
      if (!failed.isEmpty()) {
        throw new SystemCallException(failed, errno);
      }
      return result;
    }
  }

  private static long rightsOf(int version) {
    return (1L << FILE_RIGHTS[Math.min(version, FILE_RIGHTS.length) - 1]) - 1;
  }

  private int create(NativeMemory memory) throws IOException {
    int version = version();
    if (version == 0) {
      throw new IOException("this kernel has no Landlock");
    }
    long attributes = memory.allocate(3 * Long.BYTES);
    memory.putLong(attributes, rightsOf(version));
    memory.putLong(attributes + Long.BYTES, connects.isPresent() ? CONNECT_TCP : 0);
    memory.putLong(attributes + 2 * Long.BYTES, ABSTRACT_SOCKETS_AND_SIGNALS);
    long known = version >= VERSION_WITH_SCOPES ? 3 : version >= VERSION_WITH_TCP ? 2 : 1;
    long number = system(CREATE_RULESET, attributes, known * Long.BYTES, 0, 0);
    if (number == -1) {
      throw new SystemCallException("landlock_create_ruleset", NativeFunction.errno());
    }
    return (int) number;
  }

  private void allow(int rules, NativeMemory memory) throws IOException {
    long known = rightsOf(version());
    for (Path path : reads) {
      boolean isDirectory = Files.isDirectory(path);
      allow(rules, path, known & (isDirectory ? READ : READ | USE_DEVICE), memory);
    }
    for (Path path : writes) {
      allow(rules, path, known & (READ | WRITE), memory);
    }
    for (Path path : owns) {
      allow(rules, path, known & (READ | WRITE | OWN), memory);
    }
    if (connects.isPresent() && version() >= VERSION_WITH_TCP) {
      for (int port : connects.get()) {
        long rule = memory.allocate(2 * Long.BYTES);
        memory.putLong(rule, CONNECT_TCP);
        memory.putLong(rule + Long.BYTES, port);
        add(rules, RULE_NET_PORT, rule);
      }
    }
  }

  private static void allow(int rules, Path path, long rights, NativeMemory memory)
      throws IOException {
    long name = memory.string(path.toString());
    long place;
    do {
      place = Libc.get().open.call(name, O_PATH_CLOEXEC, 0);
    } while (place == -1 && NativeFunction.errno() == Libc.EINTR);
    if (place == -1) {
      int errno = NativeFunction.errno();
      if (OWN_FAULTS.contains(errno)) {
        throw new SystemCallException("cannot open " + path, errno);
      }
      // What cannot be opened here, the child cannot open either.
      return;
    }
    try {
      long rule = memory.allocate(Long.BYTES + Integer.BYTES);
      memory.putLong(rule, Files.isDirectory(path) ? rights : rights & ~READ_DIR);
      memory.putInt(rule + Long.BYTES, (int) place);
      add(rules, RULE_PATH_BENEATH, rule);
    } finally {
      Libc.get().close.call(place);
    }
  }

  private static void add(int rules, int kind, long rule) throws IOException {
    if (system(ADD_RULE, rules, kind, rule, 0) == -1) {
      throw new SystemCallException("landlock_add_rule", NativeFunction.errno());
    }
  }

  private static long system(int number, long a, long b, long c, long d) {
    return Libc.get().syscall.call(number, a, b, c, d);
  }
}
