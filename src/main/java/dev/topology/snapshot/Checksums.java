package dev.topology.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The CRC-32 and the CRC-32C of the same bytes. They tell of damage, and not of what somebody
 * forges who could write another sum beside it as well.
 *
 * <p>A cryptographic digest takes Java 15 ms to load, and a second for 128 MiB as this program is
 * started (with {@code -XX:TieredStopAtLevel=1}, which knows no processor's instructions for it).
 * Both of these take 30 ms for that.
 */
final class Checksums {

  private static final int CHUNK = 1 << 20;

  private final CRC32 one = new CRC32();
  private final CRC32C other = new CRC32C();

  /** Those of a file, as {@link #digits} has them. */
  static String of(Path file) throws IOException {
    Checksums sums = new Checksums();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        sums.add(chunk, count);
      }
    }
    return sums.digits();
  }

  /** Adds the first bytes of an array. */
  void add(byte[] bytes, int count) {
    one.update(bytes, 0, count);
    other.update(bytes, 0, count);
  }

  /** 16 hexadecimal digits. */
  String digits() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits((int) one.getValue()) + hex.toHexDigits((int) other.getValue());
  }
}
