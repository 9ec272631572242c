package dev.topology.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Commands that run a class in a JVM of its own, with the class path of this one. */
public final class ChildJvm {

  private ChildJvm() {}

  /** The program {@code java} of this JVM. */
  public static Path program() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** A command that calls the main method of a class, in a JVM that starts quickly. */
  public static List<String> command(Class<?> main, String... arguments) {
    return command(List.of(), main, arguments);
  }

  /** Such a command, with arguments for the JVM itself. */
  public static List<String> command(
      List<String> jvmArguments, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * A command that runs another with the signals that the program handles set to their defaults: a
   * shell that runs the tests in the background has them ignored.
   */
  public static List<String> withDefaultSignals(List<String> command) {
    List<String> whole = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
    whole.addAll(command);
    return whole;
  }

  /** Absolute, so that a command may run in another directory. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .map(it -> Path.of(it).toAbsolutePath().toString())
        .collect(Collectors.joining(":"));
  }
}
