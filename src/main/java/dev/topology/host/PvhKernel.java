package dev.topology.host;

/**
 * The part that is the same in every guest kernel of ours: the ELF file around the code, and the
 * way from the state in which a PVH kernel is entered to 64-bit code.
 *
 * <p>The file is loaded as a whole, headers and all, to one base address; so an address in the
 * guest is the base plus the position in the file. The three pages behind the file's become page
 * tables.
 */
final class PvhKernel {

  private static final int ELF_HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int NOTE_AT = ELF_HEADER_BYTES + 2 * PROGRAM_HEADER_BYTES;
  private static final int NOTE_BYTES = 20;
  private static final int GDT_AT = 0xC8;
  private static final int GDT_BYTES = 16;
  private static final int GDTR_BYTES = 6;
  private static final int ENTRY_AT = GDT_AT + GDT_BYTES + GDTR_BYTES;

  /** Room for any code of ours. */
  private static final int FILE_BYTES = 512;

  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;

  /** XEN_ELFNOTE_PHYS32_ENTRY in Xen's {@code public/elfnote.h}. */
  private static final int NOTE_PHYS32_ENTRY = 18;

  /** A 64-bit code segment, present, ring 0: the descriptor at selector 8. */
  private static final long CODE64 = 0x00AF_9A00_0000_FFFFL;

  private PvhKernel() {}

  /** The file up to the first instruction of 64-bit code, which is yours to write. */
  static Assembly startIn64Bit(int base) {
    Assembly file = new Assembly(base, FILE_BYTES);
    elfHeader(file, base);
    programHeader(file, PT_LOAD, base, 0, FILE_BYTES);
    programHeader(file, PT_NOTE, base, NOTE_AT, NOTE_BYTES);
    entryNote(file, base + ENTRY_AT);
    file.dword(0); // padding: the descriptors lie at a multiple of 8
    file.qword(0).qword(CODE64); // the global descriptor table; the first entry is never used
    file.word(GDT_BYTES - 1).dword(base + GDT_AT); // what lgdt reads
    enterLongMode(file, base);
    return file;
  }

  /** The finished file. */
  static byte[] finish(Assembly file) {
    return file.toBytes();
  }

  /** See elf(5), Elf64_Ehdr. There are no sections. */
  private static void elfHeader(Assembly file, int base) {
    file.bytes(0x7F, 'E', 'L', 'F', 2, 1, 1, 0).qword(0); // 64 bit, little endian, version 1
    file.word(2).word(62).dword(1); // an executable, for x86-64, version 1
    file.qword(base + ENTRY_AT)
        .qword(ELF_HEADER_BYTES)
        .qword(0); // entry, program headers, sections
    file.dword(0).word(ELF_HEADER_BYTES); // flags
    file.word(PROGRAM_HEADER_BYTES).word(2); // two program headers
    file.word(0).word(0).word(0); // no section headers
  }

  /** See elf(5), Elf64_Phdr. */
  private static void programHeader(Assembly file, int type, int base, int offset, int bytes) {
    file.dword(type).dword(7); // readable, writable, executable
    file.qword(offset).qword(base + offset).qword(base + offset);
    file.qword(bytes).qword(bytes); // in the file, in memory
    file.qword(4); // alignment, of the note's parts too: with 8, QEMU does not find its end
  }

  private static void entryNote(Assembly file, int entry) {
    file.dword(4).dword(4).dword(NOTE_PHYS32_ENTRY);
    file.bytes('X', 'e', 'n', 0).dword(entry);
  }

  /** The steps of Intel's manual, volume 3, section 10.8.5, for one page of 2 MiB at address 0. */
  private static void enterLongMode(Assembly code, int base) {
    int pageMap = base + 0x1000;
    int directoryPointers = base + 0x2000;
    int directory = base + 0x3000;
    code.bytes(0xFA); // cli
    code.bytes(0xFC); // cld
    storeDword(code, pageMap, directoryPointers | 3); // present, writable
    storeDword(code, directoryPointers, directory | 3);
    storeDword(code, directory, 0x83); // present, writable, a page of 2 MiB
    code.bytes(0xB8).dword(pageMap); // mov eax, pageMap
    code.bytes(0x0F, 0x22, 0xD8); // mov cr3, eax
    code.bytes(0x0F, 0x20, 0xE0); // mov eax, cr4
    code.bytes(0x83, 0xC8, 0x20); // or eax, PAE
    code.bytes(0x0F, 0x22, 0xE0); // mov cr4, eax
    code.bytes(0xB9).dword(0xC000_0080); // mov ecx, EFER
    code.bytes(0x0F, 0x32); // rdmsr
    code.bytes(0x0D).dword(0x100); // or eax, LME
    code.bytes(0x0F, 0x30); // wrmsr
    code.bytes(0x0F, 0x20, 0xC0); // mov eax, cr0
    code.bytes(0x0D).dword(0x8000_0001); // or eax, PG | PE
    code.bytes(0x0F, 0x22, 0xC0); // mov cr0, eax
    code.bytes(0x0F, 0x01, 0x15).dword(base + GDT_AT + GDT_BYTES); // lgdt [...]
    int next = code.here() + 7;
    code.bytes(0xEA).dword(next).word(8); // jmp 8:next      into the 64-bit segment
  }

  /** {@code mov dword [address], value}, as 32-bit code spells it. */
  private static void storeDword(Assembly code, int address, int value) {
    code.bytes(0xC7, 0x05).dword(address).dword(value);
  }
}
