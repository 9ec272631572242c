package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.model.PortForward.Protocol;
import dev.topology.run.node.NodeOutcome.FailureCause;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out who holds a port of this host, as far as this user may see.
 *
 * <p>Source: proc(5), {@code /proc/net/tcp} (the socket's inode by local port) and {@code
 * /proc/PID/fd} (the process by inode).
 */
public final class PortHolder {

  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTEN = "0A";

  private PortHolder() {}

  /** The holder, as "nginx (pid 4711)"; empty where it cannot be seen. */
  static Optional<String> find(Protocol protocol, int port) {
    return Stream.of(protocol.toString(), protocol + "6")
        .map(table -> Path.of("/proc/net", table))
        .flatMap(table -> inodes(table, protocol, port))
        .flatMap(inode -> holderOf(inode).stream())
        .findFirst();
  }

  private static Stream<String> inodes(Path table, Protocol protocol, int port) {
    String localPort = String.format(Locale.ROOT, ":%04X", port);
    try {
      return Files.readAllLines(table).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(row -> row.length > INODE && row[LOCAL_ADDRESS].endsWith(localPort))
          .filter(row -> protocol == Protocol.UDP || row[STATE].equals(LISTEN))
          .map(row -> row[INODE]);
    } catch (IOException noSuchTable) {
      return Stream.empty();
    }
  }

  private static Optional<String> holderOf(String inode) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, "socket:[" + inode + "]")) {
          return Optional.of(nameOf(process) + " (pid " + process.getFileName() + ")");
        }
      }
    } catch (IOException unreadable) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** A process of another user, or one that has just ended, shows nothing. */
  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.readSymbolicLink(descriptor).toString().equals(socket)) {
          return true;
        }
      }
    } catch (IOException notOurs) {
      return false;
    }
    return false;
  }

  private static String nameOf(Path process) throws IOException {
    return GuestText.line(Files.readString(process.resolve("comm"))).toString();
  }

  /** Why this program or QEMU cannot listen at a port, with its holder where that can be seen. */
  public static FailureCause.CouldNotStart refused(Protocol protocol, String address, int port) {
    String where = "host port " + port + "/" + protocol + " on " + address;
    String reason =
        find(protocol, port)
            .map(holder -> " is taken by " + holder)
            .orElse(" cannot be bound: it is taken, reserved, or not an address of ours");
    return new FailureCause.CouldNotStart(
        where + reason,
        Optional.of("choose another port, or let a free one be chosen: \"auto\""),
        false);
  }
}
