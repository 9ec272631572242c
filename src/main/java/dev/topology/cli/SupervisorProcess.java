package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.posix.ChildProcess;
import dev.topology.posix.Spawn;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** This program once more, in a process and a session of its own that outlive this one. */
final class SupervisorProcess {

  private SupervisorProcess() {}

  /**
   * Starts it. It is in the root directory, so as not to keep any other from being unmounted.
   *
   * @param arguments of the program
   * @param log takes what it prints
   */
  static ChildProcess start(List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(javaOptions());
    command.add("-cp");
    command.add(classPath());
    command.add(Main.class.getName());
    command.addAll(arguments);
    Map<String, String> its = new HashMap<>(environment);
    // What the launcher set; its options say what the user has.
    Optional.ofNullable(System.getenv("LC_ALL")).ifPresent(locale -> its.put("LC_ALL", locale));
    return Spawn.of(Path.of(System.getProperty("java.home"), "bin", "java"))
        .named("supervisor")
        .arguments(command)
        .environment(its)
        .directory(Path.of("/"))
        .appendOutput(log)
        .inOwnSession()
        .start();
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
}
