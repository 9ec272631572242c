package dev.topology.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/**
 * The address of the control socket of a run directory, with a path of any length.
 *
 * <p>An address holds 107 bytes and no more (sun_path of unix(7)). For a longer path, a symbolic
 * link to the directory is used while the socket is bound or connected; the socket itself is in the
 * directory. The link is in a directory that only this user can write to.
 */
final class ControlSocket implements AutoCloseable {

  private static final String NAME = "control";
  private static final int LONGEST = 107;

  private final Path place;
  private final Path shortcut;

  private ControlSocket(Path place, Path shortcut) {
    this.place = place;
    this.shortcut = shortcut;
  }

  /** The socket's file in a run directory. */
  static Path file(Path directory) {
    return directory.resolve(NAME);
  }

  /** The socket of a run directory; to be closed once it is bound or connected. */
  static ControlSocket of(Path directory) throws IOException {
    Path file = file(directory);
    if (file.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return new ControlSocket(file, file);
    }
    // Not under TMPDIR, which may be as long; mode 0700.
    Path link = Files.createTempDirectory(Path.of("/tmp"), "topology-").resolve("run");
    Files.createSymbolicLink(link, directory);
    return new ControlSocket(file(link), link);
  }

  /**
   * Whether the process at the other end of a connection belongs to the user of this one: {@code
   * SO_PEERCRED} of unix(7).
   */
  static boolean isOurs(SocketChannel channel) throws IOException {
    return channel
        .getOption(ExtendedSocketOptions.SO_PEERCRED)
        .user()
        .equals(Files.getOwner(Path.of("/proc/self")));
  }

  /**
   * Whether a process listens on the socket of a run directory; false too where that cannot be told
   * at once. Never waits.
   */
  static boolean isListening(Path directory) {
    try (ControlSocket place = of(directory);
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      return channel.connect(place.address());
    } catch (IOException nobody) {
      return false;
    }
  }

  UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(place);
  }

  @Override
  public void close() throws IOException {
    if (!shortcut.equals(place)) {
      Files.deleteIfExists(shortcut);
      Files.deleteIfExists(shortcut.resolveSibling(""));
    }
  }
}
