package dev.topology.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which ports of the host this process may listen at. */
final class ListenablePorts {

  /** Documentation/networking/ip-sysctl.rst, ip_unprivileged_port_start. */
  private static final Path FIRST = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String CAPABILITIES = "CapEff:";

  /** The number of CAP_NET_BIND_SERVICE in linux/capability.h. */
  private static final int MAY_BIND = 10;

  private ListenablePorts() {}

  /** The lowest of them; 0 if it may be any, or cannot be told. Reads files in /proc only. */
  static int first() {
    try {
      return isPrivileged() ? 0 : Integer.parseInt(Files.readString(FIRST).strip());
    } catch (IOException | NumberFormatException notLinux) {
      return 0;
    }
  }

  private static boolean isPrivileged() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(CAPABILITIES))
        .map(line -> Long.parseUnsignedLong(line.substring(CAPABILITIES.length()).strip(), 16))
        .anyMatch(capabilities -> (capabilities >> MAY_BIND & 1) == 1);
  }
}
