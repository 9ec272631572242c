package dev.topology.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An ELF kernel with a PVH entry, the only kind of ELF file that QEMU starts as a kernel.
 *
 * <p>The entry's address stands in a note of name "Xen" and type 18, see XEN_ELFNOTE_PHYS32_ENTRY
 * in Xen's public/elfnote.h.
 */
final class PvhKernel {

  private static final int ELF_MAGIC = 0x464c457f;
  private static final int PROGRAM_HEADERS = 0x20;
  private static final int PROGRAM_HEADER_BYTES = 0x36;
  private static final int PROGRAM_HEADER_COUNT = 0x38;
  private static final int NOTE_SEGMENT = 4;
  private static final int PHYS32_ENTRY = 18;
  private static final String XEN = "Xen\0";

  private PvhKernel() {}

  /** Whether a file is such a kernel, for a 64-bit x86 machine. */
  static boolean isOne(Path file) throws IOException {
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
