package dev.topology.plan;

import dev.topology.testing.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The QEMU of this machine. */
final class RealQemu {

  private RealQemu() {}

  /** Its path; without one, the test that asks is skipped. */
  static Path path() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(directory -> Path.of(directory, "qemu-system-x86_64"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> Unavailable.because("no qemu-system-x86_64 in PATH"));
  }
}
