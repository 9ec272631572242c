package dev.topology.posix;

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

/** Starts one {@link Spawn} with {@code posix_spawn(3)}, which a JVM's many threads do not mind. */
final class Spawner {
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
    ChildSignal.makeCollectable();
    return spawn.output() == Output.KEPT
        ? startKeepingOutput()
        : ChildProcess.watch(spawn.name(), run(spawn.descriptors()), Optional.empty());
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
      CapturedOutput output = CapturedOutput.from(spawn.name(), pair.near());
      return ChildProcess.watch(spawn.name(), pid, Optional.of(output));
    } finally {
      pair.far().close();
      if (!started) {
        pair.near().close();
      }
    }
  }

  private int run(SortedMap<Integer, Descriptor> descriptors) throws IOException {
    try (Wiring wiring = Wiring.of(descriptors);
        NativeMemory memory = new NativeMemory();
        FileActions actions = new FileActions(memory)) {
      describe(wiring, actions);
      if (spawn.guard().isPresent()) {
        return spawn.guard().get().admit(group -> run(memory, actions, OptionalInt.of(group)));
      }
      return run(memory, actions, spawn.isReaper() ? OptionalInt.of(0) : OptionalInt.empty());
    }
  }

  private void describe(Wiring wiring, FileActions actions) throws IOException {
    wiring.connect(actions);
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
    isolate(actions, wiring.closeGaps(actions));
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
    try (SpawnAttributes attributes =
        new SpawnAttributes(memory, spawn.isReaper(), spawn.hasOwnSession(), group)) {
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
        throw SpawnException.of(spawn.program(), spawn.directory(), (int) errno);
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
}
