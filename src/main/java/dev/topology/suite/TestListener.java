package dev.topology.suite;

import dev.topology.model.TestStep;

/**
 * Hears how tests go. Called by the threads that run them, several at a time; a call must return
 * soon, except where it says otherwise.
 */
public interface TestListener {

  /** The network of a test is being started. */
  default void began(TestJob job) {}

  /** A step begins. */
  default void step(TestJob job, TestStep step) {}

  /** A test is over, and its network is gone. */
  default void ended(TestResult result) {}

  /**
   * A test has failed. Its network, where that has not ended by itself, runs on until this returns;
   * {@link TestRunner#stop} ends it.
   */
  default void failed(TestResult result, TestNetwork network) throws InterruptedException {}
}
