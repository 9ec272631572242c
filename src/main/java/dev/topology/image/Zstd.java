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

  static byte[] decompress(Path file, Program program)
      throws IOException, ImageException, InterruptedException {
    Process process =
        program.start(List.of("zstd", "-dcq", file.toString()), ProcessBuilder.Redirect.PIPE);
    try {
      byte[] content = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new IOException("zstd cannot unpack a kernel module: " + program.errors());
      }
      return content;
    } finally {
      process.destroyForcibly();
    }
  }
}
