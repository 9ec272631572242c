package dev.topology.run.node;

import dev.topology.plan.qemu.QmpCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes sure that an emulated guest boots with a working timer: see {@link BootTimer} for how that
 * can fail. A guest without one is reset, which costs it the seconds it has run.
 *
 * <p>Asks QEMU twice a second until the kernel has set its timer up, which it does in the first
 * half second of its boot. It has no thread and needs no closing: it ends with QEMU.
 */
final class TimerWatch {

  private static final long INTERVAL_MILLIS = 500;

  /**
   * One answer could be wrong, as it is made of two commands that are not answered at the same
   * moment.
   */
  private static final int CERTAIN = 2;

  private static final int MOST_RESETS = 5;
  private static final int MOST_LOOKS = 240;

  private static final Executor SOON =
      CompletableFuture.delayedExecutor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

  private final QmpClient qmp;
  private final Consumer<String> warnings;
  private int looks;
  private int timesGivenUp;
  private int resets;

  TimerWatch(QmpClient qmp, Consumer<String> warnings) {
    this.qmp = qmp;
    this.warnings = warnings;
  }

  void start() {
    SOON.execute(this::look);
  }

  private void look() {
    var unused =
        qmp.execute(QmpCommand.localApic())
            .thenCombine(
                qmp.execute(QmpCommand.registers()),
                (lapic, registers) -> BootTimer.of(lapic.text(), registers.text()))
            .thenAccept(this::judge);
  }

  private void judge(BootTimer timer) {
    timesGivenUp = timer == BootTimer.GIVEN_UP ? timesGivenUp + 1 : 0;
    if (timesGivenUp >= CERTAIN) {
      timesGivenUp = 0;
      reset();
    }
    if (timer != BootTimer.SET_UP && ++looks < MOST_LOOKS && resets < MOST_RESETS) {
      start();
    }
  }

  /** QEMU was started with -no-reboot, and decides when it is asked what a reset does. */
  private void reset() {
    resets++;
    warnings.accept(
        "the host was too busy for its kernel to find out the rate of its timer, and without one"
            + " it cannot run; it was started again");
    var first = qmp.execute(QmpCommand.onReset("reset"));
    var second = qmp.execute(QmpCommand.reset());
    var third = qmp.execute(QmpCommand.onReset("shutdown"));
    var unused = CompletableFuture.allOf(first, second, third);
  }

  /**
   * How far an emulated guest's kernel has come with the one timer that a microvm has, the local
   * APIC timer of its first processor.
   *
   * <p>Linux finds the timer's rate by counting it against the time stamp counter for a tenth of a
   * second, with nothing to check the result against (arch/x86/kernel/apic/apic.c, {@code
   * calibrate_APIC_clock}). If the host stops QEMU for as long as that between the start of the
   * count and its first reading, next to nothing is counted, the kernel finds the timer too slow to
   * be used, and goes on without any: it stands still as soon as it has to wait for a time. This
   * happens in about one of fifty boots on a host whose load is four times its number of
   * processors.
   */
  enum BootTimer {
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
}
