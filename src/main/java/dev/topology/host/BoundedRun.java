package dev.topology.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program until it ends or its time is up, and leaves no process behind.
 *
 * <p>Its output goes to files in its directory, not into pipes, so that neither side waits for the
 * other to read or write.
 */
final class BoundedRun {

  private static final String OUTPUT = "stdout";
  private static final String ERRORS = "stderr";

  /** After SIGKILL only a process stuck in the kernel lives on; it is not waited for. */
  private static final int DEATH_SECONDS = 2;

  private final ProbeDirectory place;
  private final Duration limit;

  /** Programs will run in that directory, each for at most the limit. */
  BoundedRun(ProbeDirectory place, Duration limit) {
    this.place = place;
    this.limit = limit;
  }

  /**
   * Starts the command and waits for it. A command that takes longer than the limit is killed with
   * its children, as it is when this thread is interrupted or the JVM is told to end.
   *
   * @throws IOException if it cannot be started, or its output not be read
   * @throws InterruptedException if this thread is interrupted meanwhile
   */
  Outcome run(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = start(command);
    boolean ended = awaitEnd(process);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Outcome(ended, ended ? process.exitValue() : -1, took, text(OUTPUT), text(ERRORS));
  }

  private boolean awaitEnd(Process process) throws InterruptedException {
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
            .directory(place.path().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(place.file(OUTPUT).toFile())
            .redirectError(place.file(ERRORS).toFile());
    Map<String, String> environment = builder.environment();
    environment.put("LC_ALL", "C"); // the reasons it gives are shown beside our own English
    return builder.start();
  }

  private String text(String file) throws IOException {
    Path path = place.file(file);
    // Not readString: a program may print anything, and broken UTF-8 is no reason to fail.
    return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
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
