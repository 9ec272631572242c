package dev.topology.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a file system of a few files in one directory: ISO 9660, interchange level 2, as a CD-ROM
 * has it, which every system can read. ECMA-119 has the numbers. Systems show the names in lower
 * case; a hyphen in them is beyond the letter of the standard and does no harm.
 */
public final class IsoImage {

  private static final int SECTOR = 2048;

  // Where things are, in sectors. The first 16 are the system's.
  private static final int DESCRIPTOR = 16;
  private static final int TERMINATOR = 17;
  private static final int PATHS_LITTLE = 18;
  private static final int PATHS_BIG = 19;
  private static final int DIRECTORY = 20;
  private static final int CONTENT = 21;

  private static final int PATHS_BYTES = 10;
  private static final int IS_DIRECTORY = 2;

  private IsoImage() {}

  /**
   * The image. The same for the same files.
   *
   * @param label up to 32 letters, digits and underscores
   * @param files their content by name, 30 characters at most; all of them fit into memory, and
   *     their names into one sector
   */
  public static byte[] of(String label, Map<String, byte[]> files) {
    Map<String, byte[]> sorted = new TreeMap<>(files);
    int sectors = CONTENT + sorted.values().stream().mapToInt(it -> sectors(it.length)).sum();
    ByteBuffer image = ByteBuffer.allocate(sectors * SECTOR);
    describe(image, label, sectors);
    paths(image.position(PATHS_LITTLE * SECTOR).order(ByteOrder.LITTLE_ENDIAN));
    paths(image.position(PATHS_BIG * SECTOR).order(ByteOrder.BIG_ENDIAN));
    List<byte[]> records = new ArrayList<>();
    records.add(record(new byte[] {0}, DIRECTORY, SECTOR, IS_DIRECTORY));
    records.add(record(new byte[] {1}, DIRECTORY, SECTOR, IS_DIRECTORY));
    int at = CONTENT;
    for (Map.Entry<String, byte[]> file : sorted.entrySet()) {
      String name = file.getKey().toUpperCase(Locale.ROOT) + ".;1";
      records.add(record(name.getBytes(StandardCharsets.US_ASCII), at, file.getValue().length, 0));
      image.position(at * SECTOR).put(file.getValue());
      at += sectors(file.getValue().length);
    }
    image.position(DIRECTORY * SECTOR);
    records.forEach(image::put);
    return image.array();
  }

  private static int sectors(int bytes) {
    return (bytes + SECTOR - 1) / SECTOR;
  }

  /** The primary volume descriptor, and the one that ends the list of them. */
  private static void describe(ByteBuffer image, String label, int sectors) {
    image.position(DESCRIPTOR * SECTOR);
    image.put((byte) 1).put(ascii("CD001", 5)).put((byte) 1).put((byte) 0);
    image.put(ascii("", 32)).put(ascii(label, 32)).putLong(0);
    both32(image, sectors);
    image.put(new byte[32]);
    both16(image, 1);
    both16(image, 1);
    both16(image, SECTOR);
    both32(image, PATHS_BYTES);
    image.order(ByteOrder.LITTLE_ENDIAN).putInt(PATHS_LITTLE).putInt(0);
    image.order(ByteOrder.BIG_ENDIAN).putInt(PATHS_BIG).putInt(0);
    image.put(record(new byte[] {0}, DIRECTORY, SECTOR, IS_DIRECTORY));
    image.put(ascii("", 4 * 128 + 3 * 37));
    for (int date = 0; date < 4; date++) {
      image.put("0".repeat(16).getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
    }
    image.put((byte) 1);
    image.position(TERMINATOR * SECTOR).put((byte) 255).put(ascii("CD001", 5)).put((byte) 1);
  }

  /** A table of paths, of the root alone. */
  private static void paths(ByteBuffer image) {
    image.put((byte) 1).put((byte) 0).putInt(DIRECTORY).putShort((short) 1).putShort((short) 0);
  }

  private static byte[] record(byte[] name, int sector, int bytes, int flags) {
    int length = (33 + name.length + 1) / 2 * 2;
    ByteBuffer record = ByteBuffer.allocate(length);
    record.put((byte) length).put((byte) 0);
    both32(record, sector);
    both32(record, bytes);
    record.put(new byte[] {70, 1, 1, 0, 0, 0, 0}).put((byte) flags).putShort((short) 0);
    both16(record, 1);
    record.put((byte) name.length).put(name);
    return record.array();
  }

  /** A text with blanks after it. */
  private static byte[] ascii(String text, int length) {
    return (text + " ".repeat(length - text.length())).getBytes(StandardCharsets.US_ASCII);
  }

  /** In both orders of bytes, one after the other. */
  private static void both32(ByteBuffer buffer, int value) {
    buffer.putInt(Integer.reverseBytes(value)).putInt(value);
  }

  private static void both16(ByteBuffer buffer, int value) {
    buffer.putShort(Short.reverseBytes((short) value)).putShort((short) value);
  }
}
