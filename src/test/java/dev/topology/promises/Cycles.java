package dev.topology.promises;

import dev.topology.image.BuildListener;
import dev.topology.language.load.LoadResult;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.UserDirectories;
import dev.topology.run.RunEvent.RunListener;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A JVM of its own that starts and ends a topology again and again, and tells what it holds. */
final class Cycles {

  private static final int LINES = 10;
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private Cycles() {}

  /**
   * Runs them.
   *
   * @param arguments the topology file, and how often it is started: a multiple of 10
   */
  public static void main(String[] arguments) throws Exception {
    UserDirectories user = UserDirectories.ofProcess();
    Launcher launcher = new Launcher(user);
    LoadResult.Loaded loaded = (LoadResult.Loaded) launcher.load(Path.of(arguments[0]));
    Preparation preparation = launcher.prepare(loaded.topology(), new BuildListener() {});
    int times = Integer.parseInt(arguments[1]);
    // The first ones load what stays.
    for (int i = 0; i < LINES; i++) {
      once(preparation);
    }
    String held = held(user);
    tell(0, held);
    for (int i = 1; i <= times; i++) {
      once(preparation);
      if (i % (times / LINES) == 0) {
        tell(i, settled(held, user));
      }
    }
  }

  /**
   * What is held when it is as it was, or in the end: a thread may be about to close its socket.
   */
  private static String settled(String before, UserDirectories user) throws Exception {
    long end = System.nanoTime() + SETTLING.toNanos();
    String now = held(user);
    while (!now.equals(before) && System.nanoTime() < end) {
      Thread.sleep(20);
      now = held(user);
    }
    return now;
  }

  private static void once(Preparation preparation) throws Exception {
    try (Launch launch = Launch.start(preparation.plan(), RunListener.SILENT)) {
      launch.discardFiles();
      var outcome = launch.topology().awaitOutcome(Duration.ofMinutes(10));
      if (!outcome.toString().startsWith("Done")) {
        throw new IllegalStateException("it ended with " + outcome);
      }
    }
  }

  private static String held(UserDirectories user) throws IOException {
    return String.format(
        "descriptors %d, threads %d, children %d, files %d",
        Stream.of(new File("/proc/self/fd").list()).count(),
        Thread.getAllStackTraces().size(),
        ProcessHandle.current().descendants().count(),
        files(user.runtime()));
  }

  private static void tell(int cycles, String held) throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime memory = Runtime.getRuntime();
    System.out.printf(
        "%d: %s; heap %d KiB, resident %s%n",
        cycles, held, (memory.totalMemory() - memory.freeMemory()) / 1024, resident());
  }

  private static long files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.count();
    }
  }

  private static String resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.substring("VmRSS:".length()).strip())
        .findFirst()
        .orElse("?");
  }
}
