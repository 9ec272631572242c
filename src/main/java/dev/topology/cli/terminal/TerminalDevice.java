package dev.topology.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether a descriptor of this process is a terminal.
 *
 * <p>{@code System.console()} knows only of stdin and stdout together, and isatty(3) would need a
 * native call, for which loading jnr costs a tenth of a second. On Linux, a stat(2) through
 * /proc/self/fd tells the device's number, and with it the driver. Elsewhere nothing is taken for a
 * terminal: plain output is right everywhere.
 */
public final class TerminalDevice {

  private static final int FILE_TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;

  /** The major and minor number of /dev/ptmx, which is not a terminal but makes them. */
  private static final int TTY_AUX_MAJOR = 5;

  private static final int PTMX_MINOR = 2;

  private TerminalDevice() {}

  /** Whether 1 (stdout) or 2 (stderr) is a terminal. */
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
}
