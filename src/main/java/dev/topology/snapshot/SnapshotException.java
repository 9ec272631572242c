package dev.topology.snapshot;

import org.jspecify.annotations.Nullable;

/** A guest cannot be saved, or a clone of it does not run. The message says why. */
public final class SnapshotException extends Exception {

  private static final long serialVersionUID = 1;

  public SnapshotException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
