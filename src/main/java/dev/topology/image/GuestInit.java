package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** The built-in image's own files: its init, and what that needs. */
final class GuestInit {

  /** A resource beside this class, and where it goes. */
  private record Placed(String resource, String guestPath, int mode) {}

  private static final List<Placed> FILES =
      List.of(
          new Placed("init", "init", 0755),
          new Placed("fstab", "etc/fstab", 0644),
          new Placed("dhcp", "etc/topology/dhcp", 0755),
          new Placed("agent-x86_64", "etc/topology/agent", 0755),
          new Placed("shellrc", "etc/topology/shellrc", 0644));

  private GuestInit() {}

  static void addTo(FileTree tree) throws IOException {
    for (Placed file : FILES) {
      tree.bytes(file.guestPath(), file.mode(), read(file));
    }
    tree.directory("run/topology", 0755);
  }

  /** Identifies a version of these files, so that an image of an older topology is detected. */
  static String fingerprint() {
    // Java takes 15 ms to load a cryptographic digest.
    CRC32 sum = new CRC32();
    try {
      for (Placed file : FILES) {
        sum.update(read(file));
      }
      return Long.toHexString(sum.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read this program's own files", e);
    }
  }

  private static byte[] read(Placed file) throws IOException {
    try (InputStream in = GuestInit.class.getResourceAsStream(file.resource())) {
      return Objects.requireNonNull(in, file.resource()).readAllBytes();
    }
  }
}
