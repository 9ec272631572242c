package dev.topology.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** Who is at the other end of a Unix domain socket: {@code SO_PEERCRED} of unix(7). */
final class PeerUser {

  private PeerUser() {}

  /** Whether it is a process of the user that this one runs as. */
  static boolean isOurs(SocketChannel channel) throws IOException {
    return channel
        .getOption(ExtendedSocketOptions.SO_PEERCRED)
        .user()
        .equals(Files.getOwner(Path.of("/proc/self")));
  }
}
