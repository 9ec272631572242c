package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.terminal.Palette.ColorDepth;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.TerminalTraits;
import dev.topology.launch.UserDirectories;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.OptionalInt;

/** One run of the program inside the test: how it ended and what it printed, to no terminal. */
record ProgramRun(ExitCode code, String out, String err) {

  private static final TerminalTraits PLAIN =
      new TerminalTraits(
          false, false, ColorDepth.NONE, ColorDepth.NONE, /* unicode= */ true, OptionalInt.of(80));

  static ProgramRun of(UserDirectories user, String... arguments) {
    return of(user, InputStream.nullInputStream(), arguments);
  }

  static ProgramRun of(UserDirectories user, InputStream in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Main program = new Main(user, choice -> new Terminal(PLAIN, out, err), in);
    ExitCode code = program.run(arguments);
    return new ProgramRun(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** All of it, as a golden file shows it. */
  String transcript(String commandLine) {
    return "$ " + commandLine + "\n" + out + err + "=> " + code.status() + "\n";
  }
}
