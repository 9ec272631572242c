package dev.topology.host;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;

/**
 * The guests that try out a host: complete kernels of half a kilobyte, which QEMU boots directly.
 * Their source is {@code src/probe/guest.S}. Each enters 64-bit mode, does its work, and ends QEMU
 * with {@link #EXIT_STATUS}.
 */
enum ProbeGuest {
  /** Does nothing. */
  EXIT,

  /**
   * Counts to twenty million: long enough to tell a processor (10 ms) and emulation (50 ms) from a
   * hypervisor that traps or interprets every instruction (20 s and more).
   */
  SPIN,

  /**
   * Reads the time stamp counter next to the i8254 timer, 15,000 times. For each sample it writes
   * to the debug console the low 32 bits of the TSC before and after the timer was latched, and the
   * timer's 16-bit count, which goes down at 1.193182 MHz; all little-endian.
   *
   * <p>Samples are 4 to 15 µs apart: 60 ms in all at least, of which {@link TscProbe} needs 10
   * without a pause. 3,000 of them lasted 12 ms on a fast, idle host, too short in one run of
   * twenty.
   */
  CLOCK;

  /**
   * QEMU's exit status when a guest has done its work: isa-debug-exit says (value &lt;&lt; 1) | 1.
   */
  static final int EXIT_STATUS = 33;

  /** Where the guest expects {@code isa-debug-exit}, four bytes wide. */
  static final int EXIT_PORT = 0xF4;

  /** Where the guest expects {@code isa-debugcon}. */
  static final int OUTPUT_PORT = 0xE9;

  /** How many samples {@link #CLOCK} takes. */
  static final int SAMPLES = 15_000;

  /** What {@link #CLOCK} writes for each: TSC before, TSC after, timer count. */
  static final int SAMPLE_BYTES = 4 + 4 + 2;

  /** The kernel's file, an ELF. */
  byte[] kernel() throws IOException {
    try (InputStream in = ProbeGuest.class.getResourceAsStream(resource())) {
      return Objects.requireNonNull(in, resource()).readAllBytes();
    }
  }

  /** The name of that file, beside this class. */
  String resource() {
    return "probe-" + name().toLowerCase(Locale.ROOT);
  }
}
