package dev.topology.language.load;

import dev.topology.model.Cable.CaptureFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a file contains, judged by its first bytes. */
public enum FileContent {
  /** Not read. */
  UNKNOWN,
  /** Nothing. */
  EMPTY,
  /** A Linux bzImage, or an ELF file that can be a kernel of x86-64. */
  KERNEL,
  /** A Linux Image of arm64. */
  IMAGE,
  /** A cpio archive or something compressed, as an initramfs is. */
  ARCHIVE,
  /** An ELF file that cannot be a kernel. */
  PROGRAM,
  /** Packets that were captured: pcap or pcapng. */
  CAPTURE,
  /** None of these. */
  OTHER;

  /** How many bytes of a file are looked at. */
  static final int HEAD_BYTES = 4096;

  private static final int ELF_MAGIC = 0x7F454C46;

  /** Types and machines of elf(5). */
  private static final int ET_REL = 1;

  private static final int PT_INTERP = 3;
  private static final List<Integer> X86 = List.of(3, 62);

  /** Documentation/arch/x86/boot.rst: "HdrS" at offset 0x202. */
  private static final int SETUP_HEADER_AT = 0x202;

  private static final byte[] SETUP_HEADER = "HdrS".getBytes(StandardCharsets.US_ASCII);

  /** Documentation/arch/arm64/booting.rst: the magic number of its header. */
  private static final int IMAGE_MAGIC_AT = 56;

  private static final byte[] IMAGE_MAGIC = "ARMd".getBytes(StandardCharsets.US_ASCII);

  /**
   * How an initramfs begins: cpio (newc, with checksums), then gzip, xz, zstd, lz4, bzip2, lzma and
   * lzop, which are those that Linux unpacks (lib/decompress.c).
   */
  private static final List<byte[]> ARCHIVES =
      List.of(
          "070701".getBytes(StandardCharsets.US_ASCII),
          "070702".getBytes(StandardCharsets.US_ASCII),
          new byte[] {0x1F, (byte) 0x8B},
          new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0},
          new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD},
          new byte[] {0x02, 0x21, 0x4C, 0x18},
          new byte[] {'B', 'Z', 'h'},
          new byte[] {0x5D, 0, 0},
          new byte[] {(byte) 0x89, 'L', 'Z', 'O'});

  /** The content of a file that begins with these bytes: {@link #HEAD_BYTES}, or the whole file. */
  static FileContent of(byte[] head) {
    if (head.length == 0) {
      return EMPTY;
    }
    if (head.length > 4 && ByteBuffer.wrap(head).getInt() == ELF_MAGIC) {
      return canBeKernel(head) ? KERNEL : PROGRAM;
    }
    if (CaptureFormat.isBegunBy(head)) {
      return CAPTURE;
    }
    if (startsWith(head, SETUP_HEADER_AT, SETUP_HEADER)) {
      return KERNEL;
    }
    if (startsWith(head, IMAGE_MAGIC_AT, IMAGE_MAGIC)) {
      return IMAGE;
    }
    return ARCHIVES.stream().anyMatch(it -> startsWith(head, 0, it)) ? ARCHIVE : OTHER;
  }

  private static boolean startsWith(byte[] head, int offset, byte[] start) {
    if (head.length < offset + start.length) {
      return false;
    }
    for (int at = 0; at < start.length; at++) {
      if (head[offset + at] != start[at]) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is for x86, and needs no dynamic linker. */
  private static boolean canBeKernel(byte[] head) {
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    boolean isComplete = head.length >= 64;
    return isComplete
        && elf.getShort(16) != ET_REL
        && X86.contains((int) elf.getShort(18))
        && !asksForInterpreter(elf);
  }

  private static boolean asksForInterpreter(ByteBuffer elf) {
    boolean is64 = elf.get(4) == 2;
    long start = is64 ? elf.getLong(32) : Integer.toUnsignedLong(elf.getInt(28));
    int size = elf.getShort(is64 ? 54 : 42);
    int count = elf.getShort(is64 ? 56 : 44);
    for (int header = 0; header < count; header++) {
      long at = start + (long) header * size;
      if (at < 0 || at + 4 > elf.limit()) {
        return false;
      }
      if (elf.getInt((int) at) == PT_INTERP) {
        return true;
      }
    }
    return false;
  }
}
