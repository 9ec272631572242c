package dev.topology.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The address of the control socket of a run directory, of whatever length its path is.
 *
 * <p>An address holds 107 bytes and no more (sun_path of unix(7)). Where the path has more, a link
 * to the directory stands in for it while the socket is bound or connected to; the socket itself is
 * in the directory all the same. The link is in a directory that only this user can write to.
 */
final class SocketAddress implements AutoCloseable {

  private static final String NAME = "control";
  private static final int LONGEST = 107;

  private final Path place;
  private final Path shortcut;

  private SocketAddress(Path place, Path shortcut) {
    this.place = place;
    this.shortcut = shortcut;
  }

  /** The socket's file in a run directory. */
  static Path file(Path directory) {
    return directory.resolve(NAME);
  }

  /** The socket of a run directory; to be closed once it is bound or connected. */
  static SocketAddress of(Path directory) throws IOException {
    Path file = file(directory);
    if (file.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return new SocketAddress(file, file);
    }
    // Not under TMPDIR, which may be as long; mode 0700.
    Path link = Files.createTempDirectory(Path.of("/tmp"), "topology-").resolve("run");
    Files.createSymbolicLink(link, directory);
    return new SocketAddress(file(link), link);
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
