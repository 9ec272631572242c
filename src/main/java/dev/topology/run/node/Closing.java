package dev.topology.run.node;

import org.jspecify.annotations.Nullable;

/**
 * Closes several things, also when closing one of them fails, and throws the first failure at the
 * end.
 */
public final class Closing {

  private @Nullable RuntimeException first;

  public void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception | Error e) {
      note(e instanceof RuntimeException it ? it : new IllegalStateException(e));
    }
  }

  private void note(RuntimeException failure) {
    if (first == null) {
      first = failure;
    } else {
      first.addSuppressed(failure);
    }
  }

  public void finish() {
    if (first != null) {
      throw first;
    }
  }
}
