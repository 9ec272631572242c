package dev.topology.run.node;

import org.jspecify.annotations.Nullable;

/** Closes several things, all of them whatever one of them throws, and throws the first at last. */
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
