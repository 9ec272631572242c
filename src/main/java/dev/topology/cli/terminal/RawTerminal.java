package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.Optional;

/**
 * The terminal that is standard input, in raw mode until this is closed or the program ends: each
 * key goes to the reader, and means nothing to the terminal itself. Where standard input is no
 * terminal, nothing changes.
 *
 * <p>Through stty(1), so that no native code is loaded. A shutdown hook puts the terminal back
 * where a signal ends the program; nothing can after SIGKILL ({@code stty sane} does).
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
