package dev.topology.host;

import dev.topology.testing.Unavailable;
import java.nio.file.Path;
import java.util.Optional;

/** The QEMU of this machine. */
final class RealQemu {

  private RealQemu() {}

  /** Its path; without one, the test that asks is skipped. */
  static Path path() {
    try {
      return new QemuLocator(System.getenv()).locate(Optional.empty());
    } catch (UnfitHostException e) {
      return Unavailable.because(String.valueOf(e.getMessage()));
    }
  }
}
