package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program to start, and all it gets: arguments, environment, descriptors. Immutable: each method
 * returns another description, and one description can be started many times.
 *
 * <p>A child has no other descriptors than those given to it, and signals as a shell would set
 * them. Unless told otherwise it has this process's environment and directory, its standard input
 * is empty, and the end of what it writes is kept for {@link ChildProcess#output}.
 *
 * <pre>{@code
 * try (SocketPair channel = SocketPair.stream()) {
 *   ChildProcess child = Spawn.of(program).arguments("--fd", "3").inherit(channel.far(), 3).start();
 *   channel.far().close();
 *   …
 * }
 * }</pre>
 */
public final class Spawn {

  /** Where standard output and standard error go. */
  enum Output {
    KEPT,
    NOWHERE,
    WIRED,
    APPENDED
  }

  // Not final, but set only before the object is returned.
  private final Path program;
  private String name;
  private List<String> arguments = List.of();
  private Optional<Map<String, String>> environment = Optional.empty();
  private Optional<List<String>> kept = Optional.empty();
  private Optional<Path> directory = Optional.empty();
  private SortedMap<Integer, Descriptor> descriptors = Collections.emptySortedMap();
  private Output output = Output.KEPT;
  private Optional<Path> log = Optional.empty();
  private Optional<Landlock> confinement = Optional.empty();
  private Optional<Reaper> guard = Optional.empty();
  private boolean reaper;
  private boolean ownSession;

  private Spawn(Path program, String name) {
    this.program = program;
    this.name = name;
  }

  /** The program at {@code program}; it is not looked for in {@code PATH}. */
  public static Spawn of(Path program) {
    return new Spawn(program.toAbsolutePath(), String.valueOf(program.getFileName()));
  }

  /** What the child is called in messages and thread names; the program's file name otherwise. */
  public Spawn named(String newName) {
    Spawn copy = copy();
    copy.name = newName;
    return copy;
  }

  /** Its arguments, all of them, without the program's name. */
  public Spawn arguments(String... newArguments) {
    return arguments(List.of(newArguments));
  }

  /** Its arguments, all of them, without the program's name. */
  public Spawn arguments(List<String> newArguments) {
    Spawn copy = copy();
    copy.arguments = List.copyOf(newArguments);
    return copy;
  }

  /** Its whole environment, instead of this process's. */
  public Spawn environment(Map<String, String> newEnvironment) {
    Spawn copy = copy();
    copy.environment = Optional.of(Map.copyOf(newEnvironment));
    return copy;
  }

  /**
   * Only these variables of this process's environment. They are passed on byte by byte, also where
   * Java cannot decode them.
   */
  public Spawn keepingOfEnvironment(String... names) {
    Spawn copy = copy();
    copy.kept = Optional.of(List.of(names));
    return copy;
  }

  /** Keeps it, and all that it starts, to these files and TCP ports. */
  public Spawn confinedTo(Landlock newConfinement) {
    Spawn copy = copy();
    copy.confinement = Optional.of(newConfinement);
    return copy;
  }

  /** The directory it starts in. */
  public Spawn directory(Path newDirectory) {
    Spawn copy = copy();
    copy.directory = Optional.of(newDirectory.toAbsolutePath());
    return copy;
  }

  /**
   * Gives it a descriptor. It stays the caller's, who may close it once the child is started.
   *
   * @param childNumber the number the child knows it by, from 3
   * @throws IllegalArgumentException if the number is too low, or given twice
   */
  public Spawn inherit(Descriptor descriptor, int childNumber) {
    if (childNumber < 3) {
      throw new IllegalArgumentException("0, 1 and 2 are the standard streams: " + childNumber);
    }
    return wire(descriptor, childNumber);
  }

  /** What it reads from standard input, instead of nothing. The descriptor stays the caller's. */
  public Spawn input(Descriptor descriptor) {
    return wire(descriptor, 0);
  }

  /** Where its standard output and standard error go. The descriptor stays the caller's. */
  public Spawn output(Descriptor descriptor) {
    Spawn copy = wire(descriptor, 1).wire(descriptor, 2);
    copy.output = Output.WIRED;
    return copy;
  }

  /** Discards what it writes. */
  public Spawn discardOutput() {
    Spawn copy = copy();
    copy.output = Output.NOWHERE;
    return copy;
  }

  /** Appends what it writes to a file, which is made, with mode 0600, if it is not there. */
  public Spawn appendOutput(Path file) {
    Spawn copy = copy();
    copy.output = Output.APPENDED;
    copy.log = Optional.of(file.toAbsolutePath());
    return copy;
  }

  /**
   * Gives it a session of its own, see {@code setsid(2)}: no terminal, no Ctrl-C and no hang-up. It
   * lives on when this process ends, unless it is guarded.
   */
  public Spawn inOwnSession() {
    Spawn copy = copy();
    copy.ownSession = true;
    return copy;
  }

  /** Has {@code reaper} kill it when this process ends in any way. */
  public Spawn guardedBy(Reaper newGuard) {
    Spawn copy = copy();
    copy.guard = Optional.of(newGuard);
    return copy;
  }

  /** Gives it a process group of its own and blocks every signal that can be blocked. */
  Spawn asReaper() {
    Spawn copy = copy();
    copy.reaper = true;
    return copy;
  }

  /**
   * Starts it, and returns when the program runs, after about a millisecond.
   *
   * @throws SpawnException if the program cannot be run
   * @throws IOException if a descriptor is closed, the reaper has ended, or descriptors run out
   */
  public ChildProcess start() throws IOException {
    return new Spawner(this, FileActions.Isolation.PREFERENCE).start();
  }

  private Spawn wire(Descriptor descriptor, int childNumber) {
    SortedMap<Integer, Descriptor> wired = new TreeMap<>(descriptors);
    if (wired.put(childNumber, descriptor) != null) {
      throw new IllegalArgumentException("number " + childNumber + " is given already");
    }
    Spawn copy = copy();
    copy.descriptors = Collections.unmodifiableSortedMap(wired);
    return copy;
  }

  private Spawn copy() {
    Spawn copy = new Spawn(program, name);
    copy.arguments = arguments;
    copy.environment = environment;
    copy.kept = kept;
    copy.directory = directory;
    copy.descriptors = descriptors;
    copy.output = output;
    copy.log = log;
    copy.confinement = confinement;
    copy.guard = guard;
    copy.reaper = reaper;
    copy.ownSession = ownSession;
    return copy;
  }

  Path program() {
    return program;
  }

  String name() {
    return name;
  }

  List<String> arguments() {
    return arguments;
  }

  Optional<Map<String, String>> environment() {
    return environment;
  }

  Optional<List<String>> kept() {
    return kept;
  }

  Optional<Landlock> confinement() {
    return confinement;
  }

  Optional<Path> directory() {
    return directory;
  }

  SortedMap<Integer, Descriptor> descriptors() {
    return descriptors;
  }

  Output output() {
    return output;
  }

  Optional<Path> log() {
    return log;
  }

  Optional<Reaper> guard() {
    return guard;
  }

  boolean isReaper() {
    return reaper;
  }

  boolean hasOwnSession() {
    return ownSession;
  }

  /** A program that could not be started. The message names it and says why. */
  public static final class SpawnException extends SystemCallException {
    private static final long serialVersionUID = 1L;

    private static final int ENOENT = 2;

    private final String program;

    private SpawnException(Path program, String attempt, int errno) {
      super(attempt, errno);
      this.program = program.toString();
    }

    /** The failure to start {@code program} in {@code directory}, if one was asked for. */
    static SpawnException of(Path program, Optional<Path> directory, int errno) {
      String attempt = "cannot start " + program + directory.map(path -> " in " + path).orElse("");
      boolean present = errno == ENOENT && Files.exists(program);
      boolean inPlace = directory.map(Files::isDirectory).orElse(true);
      // The kernel says "no such file" for a missing interpreter, too.
      return new SpawnException(
          program, present && inPlace ? attempt + ", or what is to run it" : attempt, errno);
    }

    /** The absolute path of the program. */
    public Path program() {
      return Path.of(program);
    }
  }
}
