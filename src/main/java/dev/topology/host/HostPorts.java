package dev.topology.host;

import dev.topology.model.PortForward.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ports of the host: which are in use, and which this process may use. See proc(5). */
public final class HostPorts {

  private static final Path NET = Path.of("/proc/net");

  /** TCP_LISTEN and TCP_CLOSE of include/net/tcp_states.h; a UDP socket has the latter. */
  private static final Map<Protocol, String> LISTENING =
      Map.of(Protocol.TCP, "0A", Protocol.UDP, "07");

  /** Documentation/networking/ip-sysctl.rst, ip_unprivileged_port_start. */
  private static final Path FIRST = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String CAPABILITIES = "CapEff:";

  /** The number of CAP_NET_BIND_SERVICE in linux/capability.h. */
  private static final int MAY_BIND = 10;

  private HostPorts() {}

  /**
   * Where programs of any user listen; nowhere on a host without /proc. Reads files in /proc only.
   */
  public static Map<Protocol, Set<InetSocketAddress>> used() {
    Map<Protocol, Set<InetSocketAddress>> used = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      Set<InetSocketAddress> addresses = new HashSet<>();
      for (String family : List.of("", "6")) {
        HostResources.lines(NET.resolve(protocol + family))
            .forEach(it -> take(it, protocol, addresses));
      }
      used.put(protocol, addresses);
    }
    return used;
  }

  /** A line such as {@code 0: 0100007F:1F90 00000000:0000 0A …}; the first one has the titles. */
  private static void take(String line, Protocol protocol, Set<InetSocketAddress> addresses) {
    String[] columns = line.strip().split("\\s+", 5);
    boolean isSocket = columns.length == 5 && columns[1].matches("([0-9A-F]{8}){1,4}:[0-9A-F]{4}");
    if (isSocket && columns[3].equals(LISTENING.get(protocol))) {
      addresses.add(address(columns[1]));
    }
  }

  private static InetSocketAddress address(String local) {
    int colon = local.indexOf(':');
    return new InetSocketAddress(
        inet(local.substring(0, colon)), Integer.parseInt(local.substring(colon + 1), 16));
  }

  /** Words of 32 bits, each as it lies in memory. */
  private static InetAddress inet(String words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length() / 2).order(ByteOrder.nativeOrder());
    for (int at = 0; at < words.length(); at += 8) {
      bytes.putInt(Integer.parseUnsignedInt(words.substring(at, at + 8), 16));
    }
    try {
      return InetAddress.getByAddress(bytes.array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes: " + words, e);
    }
  }

  /**
   * The lowest port that this process may listen at; 0 if it may be any, or cannot be told. Reads
   * files in /proc only.
   */
  public static int first() {
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
