package dev.topology.cli;

import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.cli.terminal.Terminal;
import dev.topology.launch.UserDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program: it runs the verb that the command line names, and ends the JVM with its status. */
public final class Main {

  private final UserDirectories user;
  private final Function<ColorChoice, Terminal> terminals;
  private final InputStream in;

  /** The exit status of a program in a guest, which this program ends with as well. */
  private OptionalInt passed = OptionalInt.empty();

  /**
   * A program that can be run.
   *
   * @param user the directories and the environment of this process
   * @param terminals opens the terminal once it is known what the user says about colours
   * @param in standard input
   */
  Main(UserDirectories user, Function<ColorChoice, Terminal> terminals, InputStream in) {
    this.user = user;
    this.terminals = terminals;
    this.in = in;
  }

  /** The program on the terminal of this process. */
  Main(UserDirectories user) {
    this(user, Terminal::open, System.in);
  }

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    UserDirectories user = UserDirectories.ofProcess();
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> end(fault, user));
    int status = new Main(user).statusOf(arguments);
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

  /** Blocks for as long as the command takes. Throws nothing, whatever happens. */
  ExitCode run(String... arguments) {
    CommandTree.named(arguments).ifPresent(Verb::prepare);
    CommandLine root = CommandTree.rootFor(arguments);
    try {
      return run(root.parseArgs(arguments));
    } catch (ParameterException e) {
      return explain(UsageErrors.of(e), terminals.apply(ColorChoice.AUTO));
    }
  }

  /** Runs a command; the status with which this process is to end. */
  int statusOf(String... arguments) {
    ExitCode code = run(arguments);
    return passed.orElse(code.status());
  }

  private ExitCode run(ParseResult parsed) {
    try (Terminal terminal = terminals.apply(color(parsed))) {
      ExitCode code = run(CommandTree.innermost(parsed), terminal);
      return code == ExitCode.DONE ? unlessUnwritten(terminal) : code;
    }
  }

  /** A command whose output was lost has failed. */
  private static ExitCode unlessUnwritten(Terminal terminal) {
    Optional<String> reason = terminal.failure().map(IOException::getMessage);
    if (reason.isEmpty()) {
      return ExitCode.DONE;
    }
    if (reason.get().contains("Broken pipe")) {
      return ExitCode.BROKEN_PIPE;
    }
    terminal.printError("topology: cannot write to standard output: " + reason.get());
    return ExitCode.UNFIT_HOST;
  }

  private ExitCode run(CommandLine command, Terminal terminal) {
    Invocation invocation = new Invocation(command.getParseResult(), user, terminal, in);
    try {
      if (command.isUsageHelpRequested()) {
        invocation.print(CommandTree.help(command));
        return ExitCode.DONE;
      }
      return CommandTree.verb(command).run(invocation);
    } catch (CommandStatus passedOn) {
      passed = OptionalInt.of(passedOn.status());
      return passedOn.status() == 0 ? ExitCode.DONE : ExitCode.NODE_FAILED;
    } catch (Invocation.RejectedException theUserWasTold) {
      return ExitCode.WRONG_USAGE;
    } catch (Throwable problem) {
      return explain(problem, terminal);
    }
  }

  private ExitCode explain(Throwable problem, Terminal terminal) {
    Failure failure = Failure.of(problem, user);
    failure.text().ifPresent(terminal::printError);
    return failure.code();
  }

  /** What was said last, before or after the command's name. */
  private static ColorChoice color(ParseResult parsed) {
    ColorChoice choice = ColorChoice.AUTO;
    for (CommandLine command : parsed.asCommandLineList()) {
      choice = command.getParseResult().matchedOptionValue(VerbSpec.COLOR, choice);
    }
    return choice;
  }

  /** This program ends with the status of another. */
  static final class CommandStatus extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    CommandStatus(int status) {
      super("ended with status " + status);
      this.status = status;
    }

    /** 0 to 255. */
    int status() {
      return status;
    }
  }
}
