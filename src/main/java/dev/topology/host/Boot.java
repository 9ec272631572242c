package dev.topology.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What must stay the same for an answer about the hardware to stay true: this boot of the host, the
 * processor (a virtual machine may be moved to another), and the user.
 */
final class Boot {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Enough for the first processor; reading about all of them takes long on a large machine. */
  private static final int FIRST_PROCESSOR_BYTES = 4096;

  private Boot() {}

  /** The circumstances as lines; empty where the host cannot tell one boot from another. */
  static Optional<List<String>> circumstances() {
    try {
      String user = Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
      String boot = Files.readString(BOOT_ID).strip();
      return Optional.of(
          List.of("boot " + boot, "user " + user, "cpu " + cpuInfo("model name").orElse("")));
    } catch (IOException | UnsupportedOperationException notLinux) {
      return Optional.empty();
    }
  }

  /** What /proc/cpuinfo says of the first processor under that key; see proc(5). */
  static Optional<String> cpuInfo(String key) {
    try (InputStream file = Files.newInputStream(CPU_INFO)) {
      String text = new String(file.readNBytes(FIRST_PROCESSOR_BYTES), StandardCharsets.ISO_8859_1);
      return text.lines()
          .takeWhile(line -> !line.isEmpty())
          .map(line -> line.split("\\s*:\\s*", 2))
          .filter(pair -> pair.length == 2 && pair[0].equals(key))
          .map(pair -> pair[1])
          .findFirst();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }
}
