package dev.topology.host;

import dev.topology.posix.TemporaryPlace;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A new directory among the temporary files, in which programs are tried out. */
final class ProbeDirectory implements AutoCloseable {

  private static final String OUTPUT = "stdout";
  private static final String ERRORS = "stderr";

  /** After SIGKILL, only a process stuck in the kernel lives on; it is not waited for. */
  private static final int DEATH_SECONDS = 2;

  private final Path path;

  private ProbeDirectory(Path path) {
    this.path = path;
  }

  static ProbeDirectory create() throws IOException {
    return new ProbeDirectory(TemporaryPlace.newDirectory("topology-probe-"));
  }

  Path path() {
    return path;
  }

  /** Where a file of that name lies, or would lie. */
  Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Runs a command here until it ends or its time is up, and leaves no process behind: a command
   * that takes longer is killed with its children, as it is when this thread is interrupted or the
   * JVM is told to end. Its output goes to files, so that neither side waits for the other.
   *
   * @param limit how long it may take
   * @throws IOException if it cannot be started, or its output not be read
   * @throws InterruptedException if this thread is interrupted meanwhile
   */
  Outcome run(List<String> command, Duration limit) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = start(command);
    boolean ended = awaitEnd(process, limit);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Outcome(ended, ended ? process.exitValue() : -1, took, text(OUTPUT), text(ERRORS));
  }

  private static boolean awaitEnd(Process process, Duration limit) throws InterruptedException {
    Thread killer = new Thread(() -> kill(process), "kill-probe");
    killAtShutdown(process, killer);
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (process.isAlive()) {
        kill(process);
        process.waitFor(DEATH_SECONDS, TimeUnit.SECONDS);
      }
      forget(killer);
    }
  }

  private static void killAtShutdown(Process process, Thread killer) {
    try {
      Runtime.getRuntime().addShutdownHook(killer);
    } catch (IllegalStateException shutdownHasBegun) {
      kill(process);
      throw shutdownHasBegun;
    }
  }

  private static void forget(Thread killer) {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException shutdownHasBegun) {
      // Then the killer runs, and finds the process dead.
    }
  }

  private static void kill(Process process) {
    // Children first: a QEMU behind a wrapper script cannot be found once the script is gone.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(path.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(file(OUTPUT).toFile())
            .redirectError(file(ERRORS).toFile());
    Map<String, String> environment = builder.environment();
    environment.put("LC_ALL", "C"); // the reasons it gives are shown beside our own English
    return builder.start();
  }

  private String text(String name) throws IOException {
    // Not readString: a program may print anything, and broken UTF-8 is no reason to fail.
    return new String(Files.readAllBytes(file(name)), StandardCharsets.UTF_8);
  }

  /** Deletes the directory and the files in it. Expects no directories inside. */
  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(path);
  }

  /**
   * How a program ended, and what it printed.
   *
   * @param ended whether it ended by itself, in time
   * @param status its exit status, 128 + N for signal N; -1 if it did not end by itself
   * @param took from before the start to its end
   */
  record Outcome(boolean ended, int status, Duration took, String output, String errors) {}
}
