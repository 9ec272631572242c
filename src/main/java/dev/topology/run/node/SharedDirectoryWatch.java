package dev.topology.run.node;

import dev.topology.model.SharedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices that a directory which a guest shares is no longer at its path: it was removed, or moved
 * away, and perhaps another is there now. What serves it holds on to the one that was there at the
 * node's start, so that the guest would look into an empty directory and nobody would know why.
 *
 * <p>Looks every few seconds, and warns once each time that something else is there. It has no
 * thread.
 */
final class SharedDirectoryWatch implements AutoCloseable {

  private static final long INTERVAL_SECONDS = 2;

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(INTERVAL_SECONDS, TimeUnit.SECONDS);

  private final String node;
  private final Consumer<String> warnings;
  private final Map<Path, Optional<Object>> served = new LinkedHashMap<>();
  private final Map<Path, Optional<Object>> seen = new LinkedHashMap<>();
  private volatile boolean closed;

  /** Begins to watch what is there now. */
  SharedDirectoryWatch(String node, List<SharedDirectory> directories, Consumer<String> warnings) {
    this.node = node;
    this.warnings = warnings;
    directories.forEach(it -> served.put(it.hostPath(), identity(it.hostPath())));
    seen.putAll(served);
    lookLater();
  }

  private void lookLater() {
    if (!served.isEmpty()) {
      LATER.execute(this::look);
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    served.keySet().forEach(this::look);
    lookLater();
  }

  private void look(Path directory) {
    Optional<Object> now = identity(directory);
    if (Objects.equals(seen.put(directory, now), now) || now.equals(served.get(directory))) {
      return;
    }
    warnings.accept(
        now.isEmpty()
            ? directory + ", which it shares, is no longer there; the guest sees what is left of it"
            : ("%s, which it shares, is another directory now; the guest sees the former one"
                    + " until \"topology restart %s\"")
                .formatted(directory, node));
  }

  /** Nothing where there is none, or none that can be looked at. */
  private static Optional<Object> identity(Path directory) {
    try {
      return Optional.ofNullable(
          Files.readAttributes(directory, BasicFileAttributes.class).fileKey());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
