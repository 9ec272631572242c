package dev.topology.cli;

import dev.topology.launch.UserDirectories;
import java.util.List;

/**
 * A JVM of its own that does to a running topology what its users do, again and again: a node
 * {@code left} and a cable {@code uplink} are what it needs.
 */
public final class Operations {

  private Operations() {}

  /**
   * Does it all.
   *
   * @param arguments how often
   */
  public static void main(String[] arguments) {
    UserDirectories user = UserDirectories.ofProcess();
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      for (List<String> operation :
          List.of(
              List.of("exec", "left", "--", "true"),
              List.of("ps"),
              List.of("cable", "cut", "uplink"),
              List.of("cable", "join", "uplink"),
              List.of("cable", "list"),
              List.of("events"))) {
        ProgramRun run = ProgramRun.of(user, operation.toArray(String[]::new));
        if (run.code() != ExitCode.DONE) {
          System.out.println(operation + " => " + run.code() + " " + run.err());
          System.exit(1);
        }
      }
    }
    System.exit(0);
  }
}
