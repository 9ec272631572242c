package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.terminal.TerminalDevice.WindowSize;
import dev.topology.posix.Signal;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal device of this process: whether a descriptor is one, the size of its window, and raw
 * mode. All of it without native code, for which loading jnr costs a tenth of a second.
 */
public final class TerminalDevice {

  private static final int FILE_TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;

  /** The major and minor number of /dev/ptmx, which is not a terminal but makes them. */
  private static final int TTY_AUX_MAJOR = 5;

  private static final int PTMX_MINOR = 2;

  private TerminalDevice() {}

  /**
   * Whether 0 (stdin), 1 (stdout) or 2 (stderr) is a terminal.
   *
   * <p>{@code System.console()} knows only of stdin and stdout together, and isatty(3) is native.
   * On Linux, a stat(2) through /proc/self/fd tells the device's number, and with it the driver.
   * Elsewhere nothing is taken for a terminal: plain output is right everywhere.
   */
  public static boolean isTerminal(int descriptor) {
    return isTerminal(Path.of("/proc/self/fd/" + descriptor));
  }

  static boolean isTerminal(Path file) {
    try {
      int mode = (int) Files.getAttribute(file, "unix:mode");
      return (mode & FILE_TYPE) == CHARACTER_DEVICE
          && isTerminal((long) Files.getAttribute(file, "unix:rdev"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // A closed descriptor, no /proc, or a Java that does not tell.
      return false;
    }
  }

  /** The majors of terminal drivers, from Documentation/admin-guide/devices.txt of Linux. */
  private static boolean isTerminal(long device) {
    int major = (int) (device >> 8) & 0xFFF;
    int minor = (int) device & 0xFF;
    return switch (major) {
      // pseudo, virtual and serial terminals: old and Unix98 slaves, ttyACM, ttyUSB, ttyAMA, hvc
      case 3, 4, 136, 137, 138, 139, 140, 141, 142, 143, 166, 188, 204, 229 -> true;
      case TTY_AUX_MAJOR -> minor != PTMX_MINOR;
      default -> false;
    };
  }

  /** How large the terminal's window is, each way at least 1. */
  public record WindowSize(int rows, int columns) {

    private static final Pattern ANSWER = Pattern.compile("([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})");

    /**
     * Asks the terminal that this process was started from, through stty(1); takes some
     * milliseconds. Nothing if there is none, or it does not know.
     */
    public static Optional<WindowSize> ask() {
      try {
        Process stty =
            new ProcessBuilder("stty", "size")
                .redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream answer = stty.getInputStream()) {
          return parse(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        // No stty, or no terminal of our own to ask: what it decides has an answer without it.
        return Optional.empty();
      }
    }

    /** Takes rows and columns; a window that does not know its size says {@code 0 0}. */
    static Optional<WindowSize> parse(String rowsAndColumns) {
      Matcher answer = ANSWER.matcher(rowsAndColumns.trim());
      return answer.matches()
          ? Optional.of(
              new WindowSize(Integer.parseInt(answer.group(1)), Integer.parseInt(answer.group(2))))
          : Optional.empty();
    }
  }

  /**
   * Puts the terminal of standard input into raw mode until this is closed or the program ends. In
   * raw mode the program reads each key that is pressed, Ctrl-C too. If standard input is no
   * terminal, nothing changes.
   *
   * <p>It runs stty(1). If a signal ends the program, a shutdown hook restores the terminal. After
   * SIGKILL the user has to, with {@code stty sane}.
   */
  public static final class RawMode implements AutoCloseable {

    private final Optional<String> before;
    private final Thread hook = new Thread(this::restore, "terminal-restore");

    private RawMode(Optional<String> before) {
      this.before = before;
    }

    public static RawMode begin() throws IOException {
      if (!isTerminal(0)) {
        return new RawMode(Optional.empty());
      }
      RawMode raw = new RawMode(Optional.of(stty("-g").strip()));
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

  /**
   * Tells a guest how large this window is, as long as something of it is shown here: at first, and
   * whenever that changes. In a thread named {@code guest-window}, so that a slow guest holds
   * nothing up. Where standard input is no terminal, it is told nothing.
   */
  public static final class GuestWindow implements AutoCloseable {

    private final Consumer<WindowSize> guest;
    private final Semaphore changes = new Semaphore(1);
    private final Thread teller = new Thread(this::run, "guest-window");
    private final Signal.Handlers signals;

    private GuestWindow(Consumer<WindowSize> guest) {
      this.guest = guest;
      this.signals = Signal.onAny(Set.of(Signal.WINCH), signal -> changes.release());
      teller.setDaemon(true);
    }

    /** Tells a consumer, now and at every change. */
    public static GuestWindow of(Consumer<WindowSize> guest) {
      GuestWindow window = new GuestWindow(guest);
      if (isTerminal(0)) {
        window.teller.start();
      }
      return window;
    }

    private void run() {
      try {
        while (true) {
          changes.acquire();
          // While the window is dragged, only its last size matters.
          changes.drainPermits();
          WindowSize.ask().ifPresent(guest);
        }
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      signals.close();
      teller.interrupt();
    }
  }
}
