package dev.topology.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Unpacks Zstandard with the {@code zstd} program: Java has none, and only Ubuntu's kernels need
 * it.
 */
final class Zstd {

  private Zstd() {}

  /** Unpacks a file into another. */
  static void decompress(Path from, Path to, Program program)
      throws IOException, ImageException, InterruptedException {
    Process process =
        program.start(
            List.of("zstd", "-dcq", from.toString()), ProcessBuilder.Redirect.to(to.toFile()));
    try {
      if (process.waitFor() != 0) {
        throw new IOException("zstd cannot unpack a part of the kernel: " + program.errors());
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
