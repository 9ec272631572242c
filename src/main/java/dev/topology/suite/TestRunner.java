package dev.topology.suite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs tests, each on a network of its own, several at a time. Those that need the same thing of
 * the host (a fixed port, a disk that is written to) run one after the other. For one run; its
 * {@link #stop} is for any thread.
 */
public final class TestRunner {

  private final int jobs;
  private final boolean untilFailure;
  private final TestListener listener;
  private final TestNetwork.Names names = new TestNetwork.Names();

  // All guarded by this.
  private final Set<TestAttempt> running = new HashSet<>();
  private final Set<String> inUse = new HashSet<>();
  private final List<TestJob> waiting = new ArrayList<>();
  private final List<TestResult> results = new ArrayList<>();
  private boolean isOver;
  private @Nullable Throwable bug;

  /**
   * @param jobs how many networks there are at a time, 1 at least
   * @param untilFailure whether no test begins after one has failed
   */
  public TestRunner(int jobs, boolean untilFailure, TestListener listener) {
    this.jobs = jobs;
    this.untilFailure = untilFailure;
    this.listener = listener;
  }

  /**
   * Runs tests until there are no more, or {@link #stop}. Returns when no network is left. An
   * interrupt stops it, and stays set.
   *
   * @param tests asked for more as long as there is room; may go on for good
   * @return what came of those that were begun, in the order in which they ended
   */
  public List<TestResult> run(Iterator<TestJob> tests) {
    List<Thread> threads = new ArrayList<>();
    for (int number = 1; number <= jobs; number++) {
      Thread thread = new Thread(() -> work(tests), "test-" + number);
      threads.add(thread);
      thread.start();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          stop();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome();
  }

  private synchronized List<TestResult> outcome() {
    if (bug != null) {
      throw new IllegalStateException("a test broke off by a fault of its runner", bug);
    }
    return List.copyOf(results);
  }

  /** Breaks off what runs, and begins nothing more. Returns at once. */
  public synchronized void stop() {
    isOver = true;
    running.forEach(TestAttempt::stop);
    notifyAll();
  }

  private void work(Iterator<TestJob> tests) {
    try {
      for (Optional<TestJob> job = take(tests); job.isPresent(); job = take(tests)) {
        TestAttempt attempt = new TestAttempt(job.get(), names, listener);
        if (add(attempt)) {
          TestResult result = attempt.run();
          end(job.get(), attempt, result);
          listener.ended(result);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** The next test whose needs are free; empty if there is none any more. */
  private synchronized Optional<TestJob> take(Iterator<TestJob> tests) throws InterruptedException {
    while (!isOver) {
      while (waiting.size() < jobs && tests.hasNext()) {
        waiting.add(tests.next());
      }
      for (TestJob job : waiting) {
        if (Collections.disjoint(job.needs(), inUse)) {
          waiting.remove(job);
          inUse.addAll(job.needs());
          return Optional.of(job);
        }
      }
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      wait();
    }
    return Optional.empty();
  }

  private synchronized boolean add(TestAttempt attempt) {
    return !isOver && running.add(attempt);
  }

  private synchronized void end(TestJob job, TestAttempt attempt, TestResult result) {
    running.remove(attempt);
    inUse.removeAll(job.needs());
    results.add(result);
    isOver |= untilFailure && result.isFailure();
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    if (bug == null) {
      bug = cause;
    }
    stop();
  }
}
