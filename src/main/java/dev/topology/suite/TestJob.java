package dev.topology.suite;

import dev.topology.model.TestCase;
import java.util.Set;

/**
 * A test that is to be run.
 *
 * @param file where it is
 * @param test what it is
 * @param attempt which time it is run, from 1
 */
public record TestJob(TestFile file, TestCase test, int attempt) {

  /** What of the host it needs for itself. */
  Set<String> needs() {
    return file.needs(test);
  }
}
