package dev.topology.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this JVM holds of the host: processes, descriptors, threads and temporary files, each as a
 * line for people to read.
 */
record Belongings(Set<String> lines) {

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  /** What class loaders and the JDK open when they first need it, and keep. */
  private static final Pattern KEPT_OPEN =
      Pattern.compile(".*\\.jar|.*/lib/modules|/dev/u?random|/dev/null|/proc/.*");

  /**
   * Threads of the JDK, of JUnit and of libraries that come when they are first needed, and stay or
   * time out.
   */
  private static final Pattern KEPT_RUNNING =
      Pattern.compile(
          "main|EMF Reference Cleaner|Reference Handler|Finalizer|Signal Dispatcher|Common-Cleaner|Cleaner-\\d+|process"
              + " reaper.*|CompletableFutureDelayScheduler|ForkJoinPool.*|JNA Cleaner|surefire-.*|"
              + "junit-.*|Attach Listener|Notification Thread|NativeThread.*|SIG\\w+ handler");

  static Belongings now() {
    Set<String> lines = new TreeSet<>();
    try {
      lines.addAll(processes());
      lines.addAll(descriptors());
      lines.addAll(threads());
      lines.addAll(files());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Belongings(lines);
  }

  private static Set<String> processes() {
    return ProcessHandle.current()
        .descendants()
        .map(it -> "process " + it.pid() + ": " + it.info().commandLine().orElse("?"))
        .collect(Collectors.toSet());
  }

  private static Set<String> descriptors() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links
          .map(Belongings::target)
          .filter(Predicate.not(KEPT_OPEN.asMatchPredicate()))
          .map(target -> "descriptor of " + target)
          .collect(Collectors.toSet());
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "/proc/self/fd";
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !KEPT_RUNNING.matcher(thread.getName()).matches())
        .map(thread -> "thread " + thread.getId() + ": " + thread.getName())
        .collect(Collectors.toSet());
  }

  /** Where {@code pom.xml} has temporary files of tests, nobody has made it yet. */
  static void makeTemporaryDirectory() {
    try {
      Files.createDirectories(TEMPORARY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where others have temporary files as well, nobody can tell whose they are. */
  private static Set<String> files() throws IOException {
    if (!TEMPORARY.startsWith(Path.of("target").toAbsolutePath())) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(TEMPORARY)) {
      return entries.map(entry -> "file " + entry).collect(Collectors.toSet());
    }
  }

  /** What is here and was not there. */
  Belongings without(Belongings before) {
    Set<String> left = new TreeSet<>(lines);
    left.removeAll(before.lines);
    return new Belongings(left);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  @Override
  public String toString() {
    return lines.stream().map(line -> "\n  " + line).collect(Collectors.joining());
  }
}
