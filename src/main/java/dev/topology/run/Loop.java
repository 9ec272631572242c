package dev.topology.run;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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
}
