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
      // Nothing is left to end, and to exit would first load all of java.util.logging.
      Runtime.getRuntime().halt(status);
    }
    System.exit(status);
  }

  /** A fault in whatever thread ends the program: nobody would wait in vain for what it did. */
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
