package dev.topology.cli;

import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.cli.terminal.Terminal;
import dev.topology.launch.UserDirectories;

/** Where the program starts, and the only place that ends it. */
public final class Main {

  private Main() {}

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    UserDirectories user = UserDirectories.ofProcess();
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> end(fault, user));
    int status = program(user).statusOf(arguments);
    if (CommandTree.named(arguments).filter(ClientVerb.class::isInstance).isPresent()) {
      // No shutdown hook is needed, and System.exit would first load java.util.logging (4 ms).
      Runtime.getRuntime().halt(status);
    }
    System.exit(status);
  }

  /** A fault in any thread ends the program; otherwise others would wait for that thread. */
  private static void end(Throwable fault, UserDirectories user) {
    Failure failure = Failure.of(fault, user);
    try (Terminal terminal = Terminal.open(ColorChoice.AUTO)) {
      failure.text().ifPresent(terminal::printError);
    }
    Runtime.getRuntime().halt(failure.code().status());
  }

  /** The program on the terminal of this process. */
  static Program program(UserDirectories user) {
    return new Program(user, Terminal::open, System.in);
  }
}
