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

  /** The executor would keep an exception to itself. */
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
   * Notices that the host's time of day went on otherwise than the time that guests live in: the
   * host was suspended, or its clock was set. What QEMU runs by, as {@link System#nanoTime}, is
   * CLOCK_MONOTONIC, which stands still in a suspended host (clock_gettime(2)). Not thread-safe.
   */
  static final class ClockWatch {

    /** How often to look. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** What clocks drift apart while they are adjusted is left alone. */
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

    /** Whether that happened since the last time. */
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
