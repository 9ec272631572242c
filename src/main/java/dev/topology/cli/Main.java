package dev.topology.cli;

import dev.topology.launch.Surroundings;

/** Where the program starts, and the only place that ends it. */
public final class Main {

  private Main() {}

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(program(Surroundings.ofProcess()).statusOf(arguments));
  }

  /** The program on the terminal of this process. */
  static Program program(Surroundings surroundings) {
    return new Program(surroundings, Terminal::open, System.in);
  }
}
