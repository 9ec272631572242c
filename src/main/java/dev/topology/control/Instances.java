package dev.topology.control;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.posix.LockFile;
import dev.topology.run.RunDirectory;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The topologies of this user that run, or have run and left their run directories behind. */
public final class Instances {

  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration RESTS_KEPT = Duration.ofHours(1);

  private final Path runtime;

  /**
   * Those that run under a directory.
   *
   * @param runtime where each has a run directory of its name; need not exist
   */
  public Instances(Path runtime) {
    this.runtime = runtime;
  }

  /** All that have a run directory, by name. */
  public List<Instance> all() throws IOException {
    List<Instance> all = new ArrayList<>();
    for (Path directory : directories()) {
      at(directory).ifPresent(all::add);
    }
    return all;
  }

  /** Those that run, by name; without those that are ending and have noted how. */
  public List<Instance> running() throws IOException {
    List<Instance> running = new ArrayList<>();
    for (Path directory : directories()) {
      // To ask for a lock takes native code, which loads for longer than most commands run. A
      // socket that listens tells as much, and so does an ending.
      if (ControlSocket.isListening(directory) || new StateFile(directory).ending().isEmpty()) {
        at(directory).filter(Instance::isRunning).ifPresent(running::add);
      }
    }
    return running;
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> entries = Files.list(runtime)) {
      return entries.filter(Instances::isDirectory).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Removes the files of topologies that ended over a week ago, and the rests of runs that were
   * killed before they had begun, over an hour ago. What cannot be removed stays.
   */
  public void forgetOld() throws IOException {
    Instant now = Instant.now();
    for (Path directory : directories()) {
      Path lock = RunDirectory.lockFile(directory);
      boolean hasBegun = new StateFile(directory).read().isPresent();
      Instant limit = now.minus(hasBegun ? KEPT : RESTS_KEPT);
      if (Files.exists(lock) && isOlder(directory, limit) && !LockFile.isHeld(lock)) {
        try {
          RunDirectory.open(directory).delete();
        } catch (UncheckedIOException | LaunchException e) {
          // It stays until the next time.
        }
      }
    }
  }

  /** Whether nothing in it has been written to since. */
  private static boolean isOlder(Path directory, Instant limit) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.allMatch(
          file -> Instant.ofEpochMilli(file.toFile().lastModified()).isBefore(limit));
    }
  }

  /** That of a name, if it has a run directory. */
  public Optional<Instance> named(String name) throws IOException {
    return at(runtime.resolve(name));
  }

  private static Optional<Instance> at(Path directory) throws IOException {
    if (!Files.exists(RunDirectory.lockFile(directory))) {
      return Optional.empty();
    }
    // This before the state: a run that ends writes its ending, then gives up the lock.
    boolean held =
        ControlSocket.isListening(directory) || LockFile.isHeld(RunDirectory.lockFile(directory));
    Optional<StateFile.State> state = new StateFile(directory).read();
    if (!held && state.isEmpty()) {
      // The rest of a run that never began.
      return Optional.empty();
    }
    Optional<RunEnding> ending = state.flatMap(StateFile.State::ending);
    return Optional.of(
        new Instance(
            directory.getFileName().toString(),
            directory,
            life(held, ending.isPresent()),
            state.map(StateFile.State::supervisor),
            ending));
  }

  private static Life life(boolean held, boolean hasEnding) {
    if (held) {
      return Life.RUNNING;
    }
    return hasEnding ? Life.ENDED : Life.KILLED;
  }

  /**
   * A topology that runs, or has run and left its run directory behind.
   *
   * @param name of it
   * @param directory its run directory
   * @param life whether it runs
   * @param supervisor who runs or ran it, where that is known
   * @param ending how it ended, where it did by itself
   */
  public record Instance(
      String name,
      Path directory,
      Life life,
      Optional<Supervisor> supervisor,
      Optional<RunEnding> ending) {

    /** Whether it runs. */
    public boolean isRunning() {
      return life == Life.RUNNING;
    }

    /**
     * Connects to its supervisor.
     *
     * @throws ControlException if it does not run, or does not answer
     */
    public ControlClient connect() throws ControlException {
      return ControlClient.connect(directory)
          .orElseThrow(
              () ->
                  new ControlException(
                      ErrorId.LOST,
                      "topology \"" + name + "\" cannot be reached: nobody listens in " + directory,
                      "it is starting or ending, or was not brought up by topology up"));
    }

    /**
     * Removes the files of a topology that does not run.
     *
     * @throws dev.topology.run.node.RunException.LaunchException if it has begun to run again
     */
    public void forget() throws ControlException {
      try {
        RunDirectory.open(directory).delete();
      } catch (UncheckedIOException e) {
        throw new ControlException(
            ErrorId.REFUSED, e.getMessage() + ": " + e.getCause(), "remove it by hand", e);
      }
    }

    /** Waits until it does not run any more and its run directory is free. */
    public void awaitEnd() throws IOException {
      LockFile.awaitRelease(RunDirectory.lockFile(directory));
    }
  }

  /** Whether a topology runs. */
  public enum Life {
    /** The lock of its run directory is held. */
    RUNNING,
    /** It ended by itself; its files are kept, to read about a failure. */
    ENDED,
    /** Its supervisor ended without saving how: it was killed, and its guests with it. */
    KILLED
  }

  /**
   * The process that runs a topology.
   *
   * @param name of the running topology
   * @param pid of the process
   * @param since when it began to
   * @param file the topology's; absolute
   * @param boots whether it boots every node, rather than clone saved guests
   */
  public record Supervisor(String name, long pid, Instant since, Path file, boolean boots) {}
}
