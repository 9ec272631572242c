package dev.topology.image.initramfs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;

/**
 * Reads archives back: each entry as {@code MODE CONTENT}, the mode in octal with the file's type.
 */
final class Cpio {

  private Cpio() {}

  static Map<String, String> entries(byte[] archive) throws IOException {
    return entries(new ByteArrayInputStream(archive));
  }

  static Map<String, String> entries(InputStream in) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    try (CpioArchiveInputStream archive = new CpioArchiveInputStream(in, 512, "UTF-8")) {
      for (CpioArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        String content = new String(archive.readAllBytes(), StandardCharsets.UTF_8);
        entries.put(entry.getName(), (Long.toOctalString(entry.getMode()) + " " + content).strip());
      }
    }
    return entries;
  }
}
