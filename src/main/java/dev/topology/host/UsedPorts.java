package dev.topology.host;

import dev.topology.model.Protocol;
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

/** At which ports of the host programs listen, of any user, as proc(5) tells. */
final class UsedPorts {

  private static final Path NET = Path.of("/proc/net");

  /** TCP_LISTEN and TCP_CLOSE of include/net/tcp_states.h; a UDP socket has the latter. */
  private static final Map<Protocol, String> LISTENING =
      Map.of(Protocol.TCP, "0A", Protocol.UDP, "07");

  private UsedPorts() {}

  /** All of them; none where there is no such file. */
  static Map<Protocol, Set<InetSocketAddress>> read() {
    Map<Protocol, Set<InetSocketAddress>> used = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      Set<InetSocketAddress> addresses = new HashSet<>();
      for (String family : List.of("", "6")) {
        lines(NET.resolve(protocol + family)).forEach(it -> take(it, protocol, addresses));
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

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException notLinux) {
      return List.of();
    }
  }
}
