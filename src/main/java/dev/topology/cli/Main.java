package dev.topology.cli;

import dev.topology.launch.Surroundings;

/** Where the program starts, and the only place that ends it. */
public final class Main {

  private Main() {}

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    ExitCode code = new Program(Surroundings.ofProcess(), Terminal::open).run(arguments);
    System.exit(code.status());
  }
}
