package dev.topology.run;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One thread that runs what it is handed, in order, now or later. What is posted after its end is
 * dropped: by then there is nothing left to decide.
 */
final class Loop {

  private static final long JOIN_SECONDS = 2;

  private final ScheduledThreadPoolExecutor executor;
  private final Runnable afterEach;
  private final Consumer<Throwable> onCrash;

  /**
   * Starts the thread with its first task.
   *
   * @param afterEach runs after each task that has not failed
   */
  Loop(String threadName, Runnable afterEach, Consumer<Throwable> onCrash) {
    this.afterEach = afterEach;
    this.onCrash = onCrash;
    executor = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, threadName));
    executor.setRejectedExecutionHandler((task, pool) -> {});
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  void post(Runnable task) {
    executor.execute(guarded(task));
  }

  void after(Duration delay, Runnable task) {
    var unused = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs a task each time it is found that the host's clock has jumped: see {@link ClockWatch}. */
  void afterClockJumps(Runnable task) {
    watch(new ClockWatch(System::currentTimeMillis, System::nanoTime), task);
  }

  private void watch(ClockWatch clock, Runnable task) {
    after(
        ClockWatch.INTERVAL,
        () -> {
          if (clock.hasJumped()) {
            task.run();
          }
          watch(clock, task);
        });
  }

  void end() {
    executor.shutdown();
  }

  /** Waits until the thread has ended, up to two seconds; to be called after its end was asked. */
  void join() throws InterruptedException {
    var unused = executor.awaitTermination(JOIN_SECONDS, TimeUnit.SECONDS);
  }

  /** Without this, an exception would be lost in the executor. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
        afterEach.run();
      } catch (RuntimeException | Error e) {
        onCrash.accept(e);
      }
    };
  }

  /**
   * Notices that the host was suspended or its clock was set: then its time of day has moved on by
   * another amount than the time that guests run by. That is CLOCK_MONOTONIC, as of {@link
   * System#nanoTime}, which stands still in a suspended host (clock_gettime(2)). Not thread-safe.
   */
  static final class ClockWatch {

    /** How often to look. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Smaller differences come from the steady adjustment of the clock, and are ignored. */
    private static final long TOLERANCE_MILLIS = 500;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier timeOfDayMillis;
    private final LongSupplier monotonicNanos;
    private long offset;

    /** Watches from now on. */
    ClockWatch(LongSupplier timeOfDayMillis, LongSupplier monotonicNanos) {
      this.timeOfDayMillis = timeOfDayMillis;
      this.monotonicNanos = monotonicNanos;
      this.offset = offset();
    }

    private long offset() {
      return timeOfDayMillis.getAsLong() - monotonicNanos.getAsLong() / NANOS_PER_MILLI;
    }

    /** Whether the clock has jumped since the last call. */
    boolean hasJumped() {
      long now = offset();
      boolean jumped = Math.abs(now - offset) > TOLERANCE_MILLIS;
      if (jumped) {
        offset = now;
      }
      return jumped;
    }
  }
}
