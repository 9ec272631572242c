package dev.topology.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What matters here of the header of a qcow2 image: docs/interop/qcow2.txt of QEMU. All numbers are
 * big-endian.
 *
 * @param bytes what a guest sees
 * @param backingAt where in the file the name of the backing file is; 0 without one
 * @param backingLength bytes of that name
 * @param backingFormat the format of the backing file, where the image says it
 * @param tableAt where the first table of clusters is
 * @param tableEntries of that table
 */
record Qcow2Header(
    long bytes,
    long backingAt,
    int backingLength,
    Optional<String> backingFormat,
    long tableAt,
    int tableEntries) {

  private static final byte[] MAGIC = {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0};
  private static final int LEAST_BYTES = 72;
  private static final int LEAST_BYTES_OF_3 = 104;

  private static final int LONGEST_NAME = 1023;

  // "Header extensions".
  private static final int END = 0;
  private static final int BACKING_FORMAT = 0xE2792ACA;

  // "Bitmask of incompatible features".
  private static final int CORRUPT = 1 << 1;
  private static final int EXTERNAL_DATA = 1 << 2;

  /** "The remaining bits" of an entry of the first table that is the offset of a second one. */
  private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

  /** QCOW_MAX_L1_SIZE of block/qcow2.h. */
  private static final int MOST_TABLE_BYTES = 32 << 20;

  private static final int TABLE_ENTRY = 8;

  /** Whether a file that begins so is a qcow2 image of version 2 or 3. */
  static boolean isBegunBy(byte[] head) {
    return head.length > MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && (head[MAGIC.length] == 2 || head[MAGIC.length] == 3);
  }

  /**
   * Reads a header.
   *
   * @param head the file's first bytes, more than the header has
   * @param fileBytes of the whole file
   */
  static Qcow2Header parse(byte[] head, long fileBytes) throws DiskFileException {
    if (!isBegunBy(head)) {
      throw new DiskFileException(
          "is not a qcow2 image", "leave \"format\" out, or say \"format: raw\"");
    }
    ByteBuffer header = ByteBuffer.wrap(head);
    boolean isVersion3 = head[MAGIC.length] == 3;
    int least = isVersion3 ? LEAST_BYTES_OF_3 : LEAST_BYTES;
    requireWhole(head.length >= least);
    if (header.getInt(32) != 0) {
      throw new DiskFileException(
          "is encrypted", "\"qemu-img convert\" with its secret makes an image that is not");
    }
    long features = isVersion3 ? header.getLong(72) : 0;
    if ((features & EXTERNAL_DATA) != 0) {
      throw new DiskFileException(
          "keeps its content in another file, which it names itself",
          "\"qemu-img convert -O qcow2 FILE NEW\" makes one file of both");
    }
    if ((features & CORRUPT) != 0) {
      throw new DiskFileException(
          "is marked as corrupt", "see what \"qemu-img check FILE\" says about it");
    }
    long tableAt = header.getLong(40);
    int tableEntries = header.getInt(36);
    boolean fits =
        tableEntries >= 0
            && tableEntries <= MOST_TABLE_BYTES / TABLE_ENTRY
            && tableAt >= 0
            && tableAt <= fileBytes - (long) tableEntries * TABLE_ENTRY;
    requireWhole(fits && header.getLong(48) >= 0 && header.getLong(48) < fileBytes);
    if (header.getLong(24) <= 0) {
      throw new DiskFileException("has no size", "make it anew with \"qemu-img create\"");
    }
    return new Qcow2Header(
        header.getLong(24),
        header.getLong(8),
        header.getInt(16),
        extension(header, isVersion3 ? header.getInt(100) : LEAST_BYTES, BACKING_FORMAT),
        tableAt,
        tableEntries);
  }

  /** The text of an extension of the header. */
  private static Optional<String> extension(ByteBuffer header, int start, int wanted)
      throws DiskFileException {
    requireWhole(start >= LEAST_BYTES);
    for (int at = start; at + 8 <= header.limit(); ) {
      int type = header.getInt(at);
      int length = header.getInt(at + 4);
      if (type == END) {
        return Optional.empty();
      }
      requireWhole(length >= 0 && length <= header.limit() - at - 8);
      if (type == wanted) {
        return Optional.of(text(header, at + 8, length));
      }
      at += 8 + (length + 7) / 8 * 8;
    }
    return Optional.empty();
  }

  private static String text(ByteBuffer buffer, int at, int length) {
    byte[] bytes = new byte[length];
    buffer.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void requireWhole(boolean isWhole) throws DiskFileException {
    if (!isWhole) {
      throw new DiskFileException(
          "is a qcow2 image that is cut off or damaged",
          "copy or download it again; \"qemu-img check FILE\" tells more");
    }
  }

  boolean hasBacking() {
    return backingAt != 0;
  }

  /** The name of the backing file, as it is written there. */
  String backingName(SeekableByteChannel file) throws IOException, DiskFileException {
    requireWhole(
        backingLength > 0
            && backingLength <= LONGEST_NAME
            && backingAt > 0
            && backingAt <= file.size() - backingLength);
    return text(read(file, backingAt, backingLength), 0, backingLength);
  }

  /** Whether the file has all that the first table leads to, as one that was cut off has not. */
  void checkTables(SeekableByteChannel file) throws IOException, DiskFileException {
    ByteBuffer table = read(file, tableAt, tableEntries * TABLE_ENTRY);
    while (table.hasRemaining()) {
      requireWhole((table.getLong() & OFFSET) < file.size());
    }
  }

  private static ByteBuffer read(SeekableByteChannel file, long at, int bytes)
      throws IOException, DiskFileException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    file.position(at);
    while (buffer.hasRemaining()) {
      requireWhole(file.read(buffer) >= 0);
    }
    return buffer.flip();
  }
}
