package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.posix.ChildProcess;
import dev.topology.posix.Spawn;
import dev.topology.run.RunDirectory;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Another process of this program, in its own session, that outlives this one; and the log of what
 * it prints, to be repeated here. Not thread-safe.
 */
final class SupervisorProcess {

  /** More than that is not repeated; it is in the log. */
  private static final int MOST = 256 * 1024;

  private final Path log;
  private final long start;
  private final ChildProcess child;
  private long told;

  private SupervisorProcess(Path log, long start, ChildProcess child) {
    this.log = log;
    this.start = start;
    this.child = child;
    this.told = start;
  }

  /**
   * Starts it, in the root directory, so that it keeps no file system from being unmounted.
   *
   * @param arguments of the program
   * @param log takes what it prints, behind what is in it already
   */
  static SupervisorProcess start(List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    long start = Files.exists(log) ? Files.size(log) : 0;
    List<String> command = new ArrayList<>(javaOptions());
    command.add("-cp");
    command.add(classPath());
    command.add(Main.class.getName());
    command.addAll(arguments);
    Map<String, String> its = new HashMap<>(environment);
    // As the launcher set it; the JVM's options carry the user's locale.
    Optional.ofNullable(System.getenv("LC_ALL")).ifPresent(locale -> its.put("LC_ALL", locale));
    ChildProcess child =
        Spawn.of(Path.of(System.getProperty("java.home"), "bin", "java"))
            .named("supervisor")
            .arguments(command)
            .environment(its)
            .directory(Path.of("/"))
            .appendOutput(log)
            .inOwnSession()
            .start();
    return new SupervisorProcess(log, start, child);
  }

  /** Absolute: the other process is in another directory. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What this JVM was told: they come first on its command line. */
  private static List<String> javaOptions() throws IOException {
    String line = Files.readString(Path.of("/proc/self/cmdline"), UTF_8);
    return Arrays.stream(line.split("\0"))
        .skip(1)
        .takeWhile(word -> word.startsWith("-X") || word.startsWith("-D") || word.startsWith("--"))
        .toList();
  }

  ChildProcess child() {
    return child;
  }

  Path log() {
    return log;
  }

  /** What was said since the last time, if something was. */
  Optional<String> news() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.min(MOST, Math.max(0, file.length() - told))];
      file.seek(told);
      file.readFully(bytes);
      told += bytes.length;
      String text = new String(bytes, UTF_8).stripTrailing();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (FileNotFoundException removedWithAllElse) {
      return Optional.empty();
    }
  }

  /** Whether nothing was said until now, as where the file cannot be written. */
  boolean isSilent() {
    return told == start;
  }

  /** Removes the log and its directory if no run ever held that. */
  void removeUnlessKept() throws IOException {
    Path directory = log.resolveSibling("");
    if (Files.notExists(RunDirectory.lockFile(directory))) {
      try {
        Files.deleteIfExists(log);
        Files.deleteIfExists(directory);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        // Another run has begun there.
      }
    }
  }
}
