package dev.topology.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The compressed kernel that packages bring, and the one inside it that QEMU can start: of a
 * bzImage an ELF file, of an arm64 kernel its Image.
 *
 * <p>The format of a bzImage is that of the kernel's Documentation/arch/x86/boot.rst, from protocol
 * 2.08 on: the header holds the payload's position, and the payload's first bytes identify its
 * compression. Packages have arm64 kernels as they are, by gzip, or as an EFI program that unpacks
 * itself (drivers/firmware/efi/libstub/zboot-header.S), which older QEMUs do not know.
 */
final class BootImage {

  private static final int HEADER_BYTES = 0x250;
  private static final int SETUP_SECTORS = 0x1f1;
  private static final int HEADER_MAGIC = 0x202;
  private static final int PROTOCOL_VERSION = 0x206;
  private static final int PAYLOAD_OFFSET = 0x248;
  private static final int PAYLOAD_LENGTH = 0x24c;
  private static final int HDRS = 0x53726448;
  private static final int OLDEST_WITH_PAYLOAD = 0x208;
  private static final int SECTOR_BYTES = 512;

  /** "zimg" in the header of an EFI program, and where that has its payload. */
  private static final int ZBOOT = 0x676d697a;

  private static final int ZBOOT_HEADER_BYTES = 0x40;
  private static final int ZBOOT_MAGIC = 4;
  private static final int ZBOOT_PAYLOAD_OFFSET = 8;
  private static final int ZBOOT_PAYLOAD_LENGTH = 12;

  private static final int GZIP = 0x1f8b;
  private static final int XZ = 0xfd37;
  private static final int LZ4_LEGACY = 0x0221;
  private static final int ZSTD = 0x28b5;

  private final byte[] image;
  private final ByteBuffer words;

  private BootImage(byte[] image) {
    this.image = image;
    this.words = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Writes the kernel in a packed one, if there is one that QEMU can start.
   *
   * @param scratch a file that may be written on the way
   * @return whether it was written
   */
  static boolean unpack(Path packed, Path target, Path scratch, HostProgram program)
      throws IOException, ImageException, InterruptedException {
    BootImage image = new BootImage(Files.readAllBytes(packed));
    if (image.isBzImage()) {
      return image.writeElf(target, scratch, program);
    }
    if (image.isZboot()) {
      int start = image.words.getInt(ZBOOT_PAYLOAD_OFFSET);
      int end = start + image.words.getInt(ZBOOT_PAYLOAD_LENGTH);
      return image.write(start, end, target, scratch, program);
    }
    return image.image.length > ZBOOT_HEADER_BYTES
        && image.compressionAt(0) == GZIP
        && image.write(0, image.image.length, target, scratch, program);
  }

  private boolean isBzImage() {
    return image.length >= HEADER_BYTES
        && words.getInt(HEADER_MAGIC) == HDRS
        && words.getShort(PROTOCOL_VERSION) >= OLDEST_WITH_PAYLOAD;
  }

  private boolean isZboot() {
    return image.length >= ZBOOT_HEADER_BYTES && words.getInt(ZBOOT_MAGIC) == ZBOOT;
  }

  private boolean writeElf(Path target, Path scratch, HostProgram program)
      throws IOException, ImageException, InterruptedException {
    int sectors = image[SETUP_SECTORS] == 0 ? 4 : Byte.toUnsignedInt(image[SETUP_SECTORS]);
    int start = (sectors + 1) * SECTOR_BYTES + words.getInt(PAYLOAD_OFFSET);
    // The last four bytes are the uncompressed size; gzip's own trailer has it as well.
    int end = start + words.getInt(PAYLOAD_LENGTH) - Integer.BYTES;
    if (start < HEADER_BYTES || end < start || end + Integer.BYTES > image.length) {
      return false;
    }
    boolean written =
        compressionAt(start) == GZIP
            ? write(start, end + Integer.BYTES, target, scratch, program)
            : write(start, end, target, scratch, program);
    if (written && !PvhKernel.isPvh(target)) {
      Files.delete(target);
      return false;
    }
    return written;
  }

  private int compressionAt(int start) {
    return Short.toUnsignedInt(Short.reverseBytes(words.getShort(start)));
  }

  /** Writes what a part of it unpacks to. */
  private boolean write(int start, int end, Path target, Path scratch, HostProgram program)
      throws IOException, ImageException, InterruptedException {
    if (start < 0 || end - Short.BYTES < start || end > image.length) {
      return false;
    }
    switch (compressionAt(start)) {
      case GZIP -> copy(new GZIPInputStream(slice(start, end)), target);
      case XZ -> copy(new XZInputStream(slice(start, end)), target);
      case LZ4_LEGACY -> copy(lz4(start + Integer.BYTES, end), target);
      case ZSTD -> {
        copy(slice(start, end), scratch);
        program.unpackZstd(scratch, target);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private InputStream slice(int start, int end) {
    return new ByteArrayInputStream(image, start, end - start);
  }

  private static void copy(InputStream content, Path target) throws IOException {
    try (content) {
      Files.copy(content, target);
    }
  }

  /** The legacy format of lz4: blocks, each after its length in four bytes. */
  private InputStream lz4(int start, int end) throws IOException {
    List<InputStream> blocks = new ArrayList<>();
    for (int at = start; at + Integer.BYTES <= end; ) {
      int length = words.getInt(at);
      at += Integer.BYTES;
      if (length <= 0 || length > end - at) {
        throw new IOException("the kernel's lz4 payload is damaged at byte " + at);
      }
      blocks.add(new BlockLZ4CompressorInputStream(slice(at, at + length)));
      at += length;
    }
    return new SequenceInputStream(Collections.enumeration(blocks));
  }

  /**
   * An ELF kernel with a PVH entry, the only kind of ELF file that QEMU starts as a kernel.
   *
   * <p>The entry's address stands in a note of name "Xen" and type 18, see XEN_ELFNOTE_PHYS32_ENTRY
   * in Xen's public/elfnote.h.
   */
  static final class PvhKernel {

    private static final int ELF_MAGIC = 0x464c457f;
    private static final int PROGRAM_HEADERS = 0x20;
    private static final int PROGRAM_HEADER_BYTES = 0x36;
    private static final int PROGRAM_HEADER_COUNT = 0x38;
    private static final int NOTE_SEGMENT = 4;
    private static final int PHYS32_ENTRY = 18;
    private static final String XEN = "Xen\0";

    private PvhKernel() {}

    /** Whether a file is such a kernel, for a 64-bit x86 machine. */
    static boolean isPvh(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer elf =
            channel
                .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                .order(ByteOrder.LITTLE_ENDIAN);
        return elf.limit() > 0x40 && elf.getInt(0) == ELF_MAGIC && hasEntry(elf);
      } catch (IndexOutOfBoundsException e) {
        return false;
      }
    }

    private static boolean hasEntry(ByteBuffer elf) {
      int first = Math.toIntExact(elf.getLong(PROGRAM_HEADERS));
      int size = elf.getShort(PROGRAM_HEADER_BYTES);
      for (int i = 0; i < elf.getShort(PROGRAM_HEADER_COUNT); i++) {
        int header = first + i * size;
        if (elf.getInt(header) == NOTE_SEGMENT) {
          int offset = Math.toIntExact(elf.getLong(header + 8));
          int length = Math.toIntExact(elf.getLong(header + 32));
          if (notesHaveEntry(elf, offset, offset + length)) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean notesHaveEntry(ByteBuffer elf, int start, int end) {
      for (int at = start; at + 12 <= end; ) {
        int nameBytes = elf.getInt(at);
        int contentBytes = elf.getInt(at + 4);
        if (elf.getInt(at + 8) == PHYS32_ENTRY && name(elf, at + 12, nameBytes).equals(XEN)) {
          return true;
        }
        at += 12 + aligned(nameBytes) + aligned(contentBytes);
      }
      return false;
    }

    private static String name(ByteBuffer elf, int at, int length) {
      byte[] name = new byte[length];
      elf.get(at, name);
      return new String(name, StandardCharsets.US_ASCII);
    }

    private static int aligned(int length) {
      return (length + 3) & ~3;
    }
  }
}
