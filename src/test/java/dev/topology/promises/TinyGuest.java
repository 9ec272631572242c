package dev.topology.promises;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A kernel of a dozen instructions, which QEMU runs in a tenth of a second: what is to be tried a
 * thousand times cannot wait for Linux. An ELF file with a note that tells where it starts, as the
 * Xen project describes it in docs/misc/pvh.pandoc.
 */
public final class TinyGuest {

  private static final int LOADED_AT = 0x10_0000;
  private static final int ELF_HEADER = 52;
  private static final int PROGRAM_HEADER = 32;
  private static final int NOTE = 20;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;
  private static final int EM_386 = 3;
  private static final int XEN_ELFNOTE_PHYS32_ENTRY = 18;

  /** {@code movb $0x34, 0xfea00200}: the microvm's generic event device powers off on that. */
  private static final byte[] POWER_OFF = {(byte) 0xc6, 5, 0, 2, (byte) 0xa0, (byte) 0xfe, 0x34};

  /** {@code 1: hlt; jmp 1b}, interrupts being off. */
  private static final byte[] HALT = {(byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

  private TinyGuest() {}

  /** Writes a kernel that powers off at once. */
  public static Path thatPowersOff(Path file) throws IOException {
    return Files.write(file, kernel(POWER_OFF, HALT));
  }

  /** Writes a kernel that does nothing, for ever, without using the processor. */
  public static Path thatHalts(Path file) throws IOException {
    return Files.write(file, kernel(HALT));
  }

  private static byte[] kernel(byte[]... instructions) {
    ByteBuffer elf = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    int note = ELF_HEADER + 2 * PROGRAM_HEADER;
    int code = note + NOTE;
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
    elf.putShort((short) 2).putShort((short) EM_386).putInt(1).putInt(LOADED_AT + code);
    elf.putInt(ELF_HEADER).putInt(0).putInt(0);
    elf.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2);
    elf.position(ELF_HEADER);
    programHeader(elf, PT_LOAD, 0, elf.capacity());
    programHeader(elf, PT_NOTE, note, NOTE);
    elf.putInt(4).putInt(4).putInt(XEN_ELFNOTE_PHYS32_ENTRY);
    elf.put("Xen\0".getBytes(StandardCharsets.US_ASCII)).putInt(LOADED_AT + code);
    for (byte[] some : instructions) {
      elf.put(some);
    }
    return elf.array();
  }

  private static void programHeader(ByteBuffer elf, int type, int offset, int bytes) {
    elf.putInt(type).putInt(offset).putInt(LOADED_AT + offset).putInt(LOADED_AT + offset);
    int readableWritableExecutable = 7;
    elf.putInt(bytes).putInt(bytes).putInt(readableWritableExecutable).putInt(4);
  }
}
