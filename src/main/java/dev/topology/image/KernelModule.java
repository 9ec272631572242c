package dev.topology.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** The module as the kernel takes it from busybox: uncompressed. */
  byte[] read(Program program) throws IOException, ImageException, InterruptedException {
    return switch (compression) {
      case ".gz" -> unpacked(GZIPInputStream::new);
      case ".xz" -> unpacked(XZInputStream::new);
      case ".zst" -> Zstd.decompress(content, program);
      default -> Files.readAllBytes(content);
    };
  }

  /**
   * The modules it needs: the {@code depends=} of its {@code .modinfo} section, a list of strings
   * that end with zero. Packages bring no {@code modules.dep}: depmod makes it when they are
   * installed.
   */
  static List<String> dependencies(byte[] module) {
    byte[] key = "\0depends=".getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + key.length < module.length; at++) {
      if (java.util.Arrays.equals(module, at, at + key.length, key, 0, key.length)) {
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

  private interface Decompressor {
    java.io.InputStream open(java.io.InputStream compressed) throws IOException;
  }

  private byte[] unpacked(Decompressor decompressor) throws IOException {
    try (var stream = decompressor.open(new ByteArrayInputStream(Files.readAllBytes(content)))) {
      return stream.readAllBytes();
    }
  }
}
