package dev.topology.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A kernel module as a package brings it.
 *
 * @param fileName its name as a file, without ending
 * @param folder where it stands below the modules' directory: {@code kernel/drivers/virtio/}
 * @param compression the file's second ending, or nothing
 * @param content the file on the host
 */
record KernelModule(String fileName, String folder, String compression, Path content) {

  /** The name other modules and {@code lsmod} use: with underscores only. */
  String name() {
    return fileName.replace('-', '_');
  }

  /** The module's path below the modules' directory, uncompressed. */
  String path() {
    return folder + fileName + ".ko";
  }

  /** A file with the module as busybox hands it to the kernel: uncompressed. */
  Path uncompressed(Program program) throws IOException, ImageException, InterruptedException {
    Path target = content.resolveSibling(content.getFileName() + ".ko");
    switch (compression) {
      case ".gz" -> unpack(new GZIPInputStream(Files.newInputStream(content)), target);
      case ".xz" -> unpack(new XZInputStream(Files.newInputStream(content)), target);
      case ".zst" -> Zstd.decompress(content, target, program);
      default -> {
        return content;
      }
    }
    return target;
  }

  /**
   * The modules it needs: the {@code depends=} of its {@code .modinfo} section, a list of strings
   * that end with zero. Packages bring no {@code modules.dep}: depmod makes it when they are
   * installed.
   */
  static List<String> dependencies(Path uncompressed) throws IOException {
    byte[] module = Files.readAllBytes(uncompressed);
    byte[] key = "\0depends=".getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + key.length < module.length; at++) {
      if (Arrays.equals(module, at, at + key.length, key, 0, key.length)) {
        int start = at + key.length;
        int end = start;
        while (end < module.length && module[end] != 0) {
          end++;
        }
        String names = new String(module, start, end - start, StandardCharsets.US_ASCII);
        return Stream.of(names.split(",", -1)).filter(name -> !name.isEmpty()).toList();
      }
    }
    return List.of();
  }

  private static void unpack(InputStream compressed, Path target) throws IOException {
    try (compressed) {
      Files.copy(compressed, target);
    }
  }
}
