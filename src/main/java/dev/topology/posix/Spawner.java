package dev.topology.posix;

import dev.topology.posix.FileActions.Inherited;
import dev.topology.posix.FileActions.Isolation;
import dev.topology.posix.Spawn.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Starts one {@link Spawn} with {@code posix_spawn(3)}, which is safe in a process of many threads.
 */
final class Spawner {
  private static final long SIG_DFL = 0;
  private static final long SIG_IGN = 1;
  private static final int SIGACTION_BYTES = 256;

  private final Spawn spawn;
  private final List<Isolation> isolations;

  /**
   * A way to start {@code spawn}.
   *
   * @param isolations the ways to keep other descriptors out, the first that exists is used
   */
  Spawner(Spawn spawn, List<Isolation> isolations) {
    this.spawn = spawn;
    this.isolations = isolations;
  }

  ChildProcess start() throws IOException {
    makeCollectable();
    return spawn.output() == Output.KEPT
        ? startKeepingOutput()
        : ChildProcess.watch(spawn.name(), run(spawn.descriptors()), Optional.empty());
  }

  /**
   * Makes sure that the exit status of children can be collected. A process that was started with
   * SIGCHLD ignored ignores it as well, and the kernel then forgets how children ended (wait(2),
   * "Linux notes"). The JDK resets it in the same way before its own first child.
   */
  private static void makeCollectable() {
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

  private ChildProcess startKeepingOutput() throws IOException {
    SocketPair pair = SocketPair.stream();
    boolean started = false;
    try {
      SortedMap<Integer, Descriptor> descriptors = new TreeMap<>(spawn.descriptors());
      descriptors.put(1, pair.far());
      descriptors.put(2, pair.far());
      int pid = run(descriptors);
      started = true;
      return ChildProcess.watch(spawn.name(), pid, Optional.of(pair.near()));
    } finally {
      pair.far().close();
      if (!started) {
        pair.near().close();
      }
    }
  }

  private int run(SortedMap<Integer, Descriptor> descriptors) throws IOException {
    try (Inherited inherited = Inherited.of(descriptors);
        NativeMemory memory = new NativeMemory();
        FileActions actions = new FileActions(memory)) {
      describe(inherited, actions);
      if (spawn.guard().isPresent()) {
        return spawn.guard().get().admit(group -> run(memory, actions, OptionalInt.of(group)));
      }
      return run(memory, actions, spawn.isReaper() ? OptionalInt.of(0) : OptionalInt.empty());
    }
  }

  private void describe(Inherited inherited, FileActions actions) throws IOException {
    inherited.connect(actions);
    if (!spawn.descriptors().containsKey(0)) {
      actions.readNothingAt(0);
    }
    if (spawn.output() == Output.NOWHERE) {
      actions.writeNowhereAt(1);
      actions.writeNowhereAt(2);
    }
    if (spawn.log().isPresent()) {
      actions.appendAt(1, spawn.log().get().toString());
      actions.duplicate(1, 2);
    }
    if (spawn.directory().isPresent()) {
      actions.changeDirectory(spawn.directory().get().toString());
    }
    isolate(actions, inherited.closeGaps(actions));
  }

  private void isolate(FileActions actions, int lowest) throws IOException {
    for (Isolation isolation : isolations) {
      if (isolation.isolate(actions, lowest)) {
        return;
      }
    }
    throw new IOException(
        "cannot keep this process's descriptors out of " + spawn.name() + ": /proc is not mounted");
  }

  private int run(NativeMemory memory, FileActions actions, OptionalInt group) throws IOException {
    List<String> command = new ArrayList<>(List.of(spawn.program().toString()));
    command.addAll(spawn.arguments());
    long pid = memory.allocate(Integer.BYTES);
    long path = memory.string(spawn.program().toString());
    try (Attributes attributes =
        new Attributes(memory, spawn.isReaper(), spawn.hasOwnSession(), group)) {
      NativeFunction posixSpawn = Libc.get().posixSpawn;
      long arguments = memory.strings(command);
      long environment = environment(memory);
      LongSupplier call =
          () ->
              posixSpawn.call(
                  pid, path, actions.address(), attributes.address(), arguments, environment);
      long errno =
          spawn.confinement().isPresent()
              ? spawn.confinement().get().confine(call)
              : call.getAsLong();
      if (errno != 0) {
        throw Spawn.SpawnException.of(spawn.program(), spawn.directory(), (int) errno);
      }
      return memory.getInt(pid);
    }
  }

  private long environment(NativeMemory memory) {
    return spawn
        .environment()
        .map(Spawner::definitions)
        .map(memory::strings)
        .or(() -> spawn.kept().map(names -> memory.environment(names)))
        .orElseGet(Libc.get()::environment);
  }

  private static List<String> definitions(Map<String, String> environment) {
    return environment.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  /**
   * A child's signals and process group: {@code posix_spawnattr_t}.
   *
   * <p>A JVM ignores and blocks signals that a program expects to find as a shell would leave them.
   */
  private static final class Attributes implements AutoCloseable {
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
    Attributes(NativeMemory memory, boolean blocked, boolean session, OptionalInt group) {
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
}
