package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import dev.topology.model.Architecture;
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

  /** What is copied to its place when Linux has started; see the init. */
  static final String LATE = "etc/topology/late";

  private static final String MODPROBE = "modprobe";
  private static final String MODPROBE_PATH = "usr/sbin/modprobe";

  private static final List<Placed> FILES =
      List.of(
          new Placed("init", "init", 0755),
          new Placed("fstab", "etc/fstab", 0644),
          new Placed(MODPROBE, LATE + "/" + MODPROBE_PATH, 0755),
          new Placed("dhcp", "etc/topology/dhcp", 0755),
          new Placed("shellrc", "etc/topology/shellrc", 0644));

  private GuestInit() {}

  static void addTo(FileTree tree, Architecture architecture) throws IOException {
    for (Placed file : FILES) {
      tree.bytes(file.guestPath(), file.mode(), read(file.resource()));
    }
    tree.bytes("etc/topology/agent", 0755, read(agent(architecture)));
    if (tree.contains(MODPROBE_PATH)) {
      // That of the package kmod wants an index that depmod(8) has made.
      tree.bytes(MODPROBE_PATH, 0755, read(MODPROBE));
    }
    tree.directory("run/topology", 0755);
  }

  /** The resource with the agent for guests of an architecture. */
  static String agent(Architecture architecture) {
    return "agent-" + architecture;
  }

  /** Identifies a version of these files, so that an image of an older topology is detected. */
  static String fingerprint() {
    return Fingerprint.OURS;
  }

  /** Taken once: each start of a topology asks for it several times. */
  private static final class Fingerprint {

    static final String OURS = taken();

    private static String taken() {
      // Java takes 15 ms to load a cryptographic digest.
      CRC32 sum = new CRC32();
      try {
        for (Placed file : FILES) {
          sum.update(read(file.resource()));
        }
        for (Architecture each : Architecture.values()) {
          sum.update(read(agent(each)));
        }
        return Long.toHexString(sum.getValue());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read this program's own files", e);
      }
    }
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = GuestInit.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    }
  }
}
