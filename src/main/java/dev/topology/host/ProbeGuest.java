package dev.topology.host;

/**
 * Tiny guests that tell what a host is worth: complete kernels of half a kilobyte that QEMU boots
 * directly.
 *
 * <p>Each is an ELF file with the note that makes it a PVH kernel, so that it is entered in 32-bit
 * protected mode, without paging (Xen, {@code docs/misc/pvh.pandoc}). It goes on to long mode, with
 * paging, because that is where a Linux guest spends its life and so what a host must do well; then
 * it does its work and ends QEMU with {@link #EXIT_STATUS}.
 */
final class ProbeGuest {

  /**
   * QEMU's exit status when a guest has done its work: isa-debug-exit says (value &lt;&lt; 1) | 1.
   */
  static final int EXIT_STATUS = 33;

  /** Where the guest expects {@code isa-debug-exit}, four bytes wide. */
  static final int EXIT_PORT = 0xF4;

  /** Where the guest expects {@code isa-debugcon}. */
  static final int OUTPUT_PORT = 0xE9;

  /**
   * What the clock guest writes per sample: TSC before, TSC after, timer count; see {@link #clock}.
   */
  static final int SAMPLE_BYTES = 4 + 4 + 2;

  /**
   * Long enough to tell a processor (10 ms) and emulation (50 ms) from a hypervisor that traps or
   * interprets every instruction (20 s and more), short enough not to be noticed.
   */
  private static final int TURNS = 20_000_000;

  private static final int BASE = 0x10_0000;
  private static final int SAMPLE = BASE + 0x4000;

  private ProbeGuest() {}

  /** Counts to twenty million and exits. */
  static byte[] spin() {
    Assembly code = PvhKernel.startIn64Bit(BASE);
    countDown(code);
    exit(code);
    return PvhKernel.finish(code);
  }

  /**
   * Reads the time stamp counter next to the i8254 timer again and again, then exits. For each
   * sample it writes to the debug console the low 32 bits of the TSC before and after the timer was
   * latched, and the timer's 16-bit count, which goes down at 1.193182 MHz.
   *
   * <p>The guest only takes samples, so that what they mean is worked out where it can be read and
   * tested.
   */
  static byte[] clock(int samples) {
    Assembly code = PvhKernel.startIn64Bit(BASE);
    startTimer(code);
    code.bytes(0xBB).dword(samples); // mov ebx, samples
    int again = code.here();
    sample(code);
    write(code, SAMPLE, SAMPLE_BYTES);
    code.bytes(0xFF, 0xCB); // dec ebx
    code.jumpBackUnlessZero(again);
    exit(code);
    return PvhKernel.finish(code);
  }

  private static void countDown(Assembly code) {
    code.bytes(0xB9).dword(TURNS); // mov ecx, TURNS
    int again = code.here();
    code.bytes(0xFF, 0xC9); // dec ecx
    code.jumpBackUnlessZero(again);
  }

  /** Channel 0 of the i8254 counts down from 65536, again and again (Intel 8254 data sheet). */
  private static void startTimer(Assembly code) {
    code.bytes(0xB0, 0x34); // mov al, channel 0 | low byte, then high byte | mode 2
    code.bytes(0xE6, 0x43); // out 0x43, al
    code.bytes(0x31, 0xC0); // xor eax, eax
    code.bytes(0xE6, 0x40); // out 0x40, al
    code.bytes(0xE6, 0x40); // out 0x40, al      a count of 0 means 65536
  }

  private static void sample(Assembly code) {
    code.bytes(0x0F, 0x31); // rdtsc
    store(code, 0x89, SAMPLE); // mov [SAMPLE], eax
    code.bytes(0x31, 0xC0); // xor eax, eax
    code.bytes(0xE6, 0x43); // out 0x43, al      latch channel 0
    code.bytes(0x0F, 0x31); // rdtsc
    store(code, 0x89, SAMPLE + 4); // mov [SAMPLE + 4], eax
    code.bytes(0xE4, 0x40); // in al, 0x40
    store(code, 0x88, SAMPLE + 8); // mov [SAMPLE + 8], al
    code.bytes(0xE4, 0x40); // in al, 0x40
    store(code, 0x88, SAMPLE + 9); // mov [SAMPLE + 9], al
  }

  /** Stores eax (opcode 89) or al (opcode 88) at an absolute address, as 64-bit code spells it. */
  private static void store(Assembly code, int opcode, int address) {
    code.bytes(opcode, 0x04, 0x25).dword(address);
  }

  private static void write(Assembly code, int address, int length) {
    code.bytes(0xBE).dword(address); // mov esi, address
    code.bytes(0xB9).dword(length); // mov ecx, length
    code.bytes(0xBA).dword(OUTPUT_PORT); // mov edx, OUTPUT_PORT
    code.bytes(0xF3, 0x6E); // rep outsb
  }

  private static void exit(Assembly code) {
    code.bytes(0xB8).dword(EXIT_STATUS >> 1); // mov eax, EXIT_STATUS / 2
    code.bytes(0xE7, EXIT_PORT); // out EXIT_PORT, eax
    int halted = code.here();
    code.bytes(0xF4); // hlt
    code.jumpBack(halted); // a QEMU without isa-debug-exit idles here until it is killed
  }
}
