package dev.topology.run.node;

import dev.topology.plan.qemu.BootTimer;
import dev.topology.plan.qemu.QmpCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
}
