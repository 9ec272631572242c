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
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private Processes() {}

  /** A shell that runs {@code script}. */
  static Spawn shell(String script) {
    return Spawn.of(Path.of("/bin/sh")).arguments("-c", script);
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

  /**
   * {@code read(2)} and {@code sendto(2)} on x86-64, as {@code /proc/PID/task/TID/syscall} has it.
   */
  static final int READ = 0;

  static final int SENDTO = 44;

  /** Whether a thread of ours waits in that system call; that it sleeps could be anywhere. */
  static boolean waitsIn(int systemCall, String threadName) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.anyMatch(task -> waitsIn(systemCall, threadName, task));
    }
  }

  private static boolean waitsIn(int systemCall, String threadName, Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip().equals(threadName)
          && Files.readString(task.resolve("syscall")).startsWith(systemCall + " ");
    } catch (IOException ended) {
      return false;
    }
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
