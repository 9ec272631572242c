package dev.topology.plan.qemu;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far an emulated guest's kernel has come with the one timer that a microvm has, the local APIC
 * timer of its first processor.
 *
 * <p>Linux finds the timer's rate by counting it against the time stamp counter for a tenth of a
 * second, with nothing to check the result against (arch/x86/kernel/apic/apic.c, {@code
 * calibrate_APIC_clock}). If the host stops QEMU for as long as that between the start of the count
 * and its first reading, next to nothing is counted, the kernel finds the timer too slow to be
 * used, and goes on without any: it stands still as soon as it has to wait for a time. This happens
 * in about one of fifty boots on a host whose load is four times its number of processors.
 */
public enum BootTimer {
  /** The kernel has not come to it, or is measuring it. */
  NOT_SET_UP,
  /** The kernel gave it up. The guest will not go on. */
  GIVEN_UP,
  /** The timer works, or is not used as Linux uses it. */
  SET_UP;

  /** As QEMU 7.2 says in "info lapic": the timer's entry of the local vector table. */
  private static final Pattern VECTOR_ENTRY = Pattern.compile("LVTT\\s+0x([0-9a-f]{8})");

  private static final Pattern INITIAL_COUNT = Pattern.compile("initial_count = (\\d+)");

  /** As QEMU says in "info registers" of a processor that waits for an interrupt. */
  private static final Pattern HALTED = Pattern.compile("\\bHLT=1\\b");

  /** Intel's Software Developer's Manual, volume 3, figure 11-8. */
  private static final int VECTOR = 0xFF;

  private static final int MASKED = 0x10000;

  /** What Linux counts down from while it measures: all there is, divided by 16. */
  private static final long MEASURING = 0xFFFFFFFFL / 16;

  /**
   * What two answers of the monitor tell.
   *
   * @param lapic to {@code info lapic}
   * @param registers to {@code info registers}, asked after it
   */
  public static BootTimer of(String lapic, String registers) {
    Matcher entry = VECTOR_ENTRY.matcher(lapic);
    Matcher count = INITIAL_COUNT.matcher(lapic);
    if (!entry.find() || !count.find()) {
      return SET_UP;
    }
    int bits = Integer.parseUnsignedInt(entry.group(1), 16);
    if ((bits & VECTOR) == 0) {
      return NOT_SET_UP;
    }
    if ((bits & MASKED) == 0 || Long.parseLong(count.group(1)) != MEASURING) {
      return SET_UP;
    }
    // While it measures it is never halted, and afterwards it never counts from there again.
    return HALTED.matcher(registers).find() ? GIVEN_UP : NOT_SET_UP;
  }
}
