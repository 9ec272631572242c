package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.Optional;

/**
 * Puts the terminal of standard input into raw mode until this is closed or the program ends. In
 * raw mode the program reads each key that is pressed, Ctrl-C too. If standard input is no
 * terminal, nothing changes.
 *
 * <p>It runs stty(1), so that no native code is loaded. If a signal ends the program, a shutdown
 * hook restores the terminal. After SIGKILL the user has to, with {@code stty sane}.
 */
public final class RawTerminal implements AutoCloseable {

  private final Optional<String> before;
  private final Thread hook = new Thread(this::restore, "terminal-restore");

  private RawTerminal(Optional<String> before) {
    this.before = before;
  }

  public static RawTerminal begin() throws IOException {
    if (!TerminalDevice.isTerminal(0)) {
      return new RawTerminal(Optional.empty());
    }
    RawTerminal raw = new RawTerminal(Optional.of(stty("-g").strip()));
    Runtime.getRuntime().addShutdownHook(raw.hook);
    stty("raw", "-echo");
    return raw;
  }

  private static String stty(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "stty";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/tty"))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("cannot change the terminal: stty: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return said;
  }

  private void restore() {
    before.ifPresent(
        settings -> {
          try {
            stty(settings);
          } catch (IOException gone) {
            // There is no terminal any more.
          }
        });
  }

  @Override
  public void close() {
    if (before.isPresent()) {
      restore();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException endingAlready) {
        // The hook restores it again, which does no harm.
      }
    }
  }
}
