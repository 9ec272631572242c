package dev.topology.posix;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Processes to test with, and what the kernel says of them. */
final class Processes {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Processes() {}

  /** A shell that runs {@code script}. */
  static Spawn shell(String script) {
    return Spawn.of(Path.of("/bin/sh")).arguments("-c", script);
  }

  /** A command that runs the main method of {@code main} in a JVM of its own. */
  static List<String> java(Class<?> main) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  static ExitStatus exitOf(ChildProcess child) throws Exception {
    return child.exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  /** The descriptors of a process: what each number is open on, {@code socket:[4711]}. */
  static Map<Integer, String> descriptors(long pid) throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return links
          .filter(Files::isSymbolicLink)
          .collect(
              toMap(
                  link -> Integer.parseInt(link.getFileName().toString()),
                  Processes::target,
                  (one, other) -> one,
                  TreeMap::new));
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "closed";
    }
  }

  /** The sockets this JVM has open. */
  static List<String> ownSockets() throws IOException {
    return descriptors(ProcessHandle.current().pid()).values().stream()
        .filter(target -> target.startsWith("socket:"))
        .toList();
  }

  /** Whether a thread of this JVM waits in the kernel; the kernel knows 15 characters of a name. */
  static boolean sleeps(String threadName) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.contains("(" + threadName + ") S")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The processes whose environment holds {@code mark}, zombies left out. */
  static List<Long> markedWith(String mark) throws IOException {
    List<Long> marked = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        if (environment(process).contains(mark)) {
          marked.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return marked;
  }

  private static String environment(Path process) {
    try {
      return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException goneOrNotOurs) {
      return "";
    }
  }
}
