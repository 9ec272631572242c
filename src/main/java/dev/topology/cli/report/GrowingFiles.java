package dev.topology.cli.report;

import dev.topology.run.node.LaunchException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Watches files to which other processes append (inotify(7)). A reader sees each line as soon as it
 * is written, and the lines of several files in the order in which they were written.
 */
public final class GrowingFiles implements AutoCloseable {

  private final Set<Path> files;
  private final WatchService watch;

  private GrowingFiles(Set<Path> files, WatchService watch) {
    this.files = files;
    this.watch = watch;
  }

  /**
   * Watches from now on.
   *
   * @param files need not exist yet; their directories have to
   * @throws LaunchException if this user may watch no more
   */
  static GrowingFiles watched(Collection<Path> files) throws IOException {
    try {
      return watched(files, FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot watch " + files.iterator().next().getParent() + ": " + e.getMessage(),
          "sysctl fs.inotify shows how much this user may watch, and raises it",
          e);
    }
  }

  private static GrowingFiles watched(Collection<Path> files, WatchService watch)
      throws IOException {
    GrowingFiles growing = new GrowingFiles(new LinkedHashSet<>(files), watch);
    try {
      for (Path directory : new LinkedHashSet<>(files.stream().map(Path::getParent).toList())) {
        directory.register(
            watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      }
      return growing;
    } catch (IOException e) {
      growing.close();
      throw e;
    }
  }

  /**
   * Waits until some have grown.
   *
   * @return those, in the order in which they have; empty once this is closed
   */
  Set<Path> await() throws InterruptedException {
    Set<Path> grown = new LinkedHashSet<>();
    try {
      while (grown.isEmpty()) {
        WatchKey key = watch.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          grown.addAll(grown(event, key));
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException closed) {
      return Set.of();
    }
    return grown;
  }

  private Collection<Path> grown(WatchEvent<?> event, WatchKey key) {
    if (!(event.context() instanceof Path name)) {
      // Overflow: events were lost, so any file may have grown.
      return files;
    }
    Path file = ((Path) key.watchable()).resolve(name);
    return Optional.of(file).filter(files::contains).map(List::of).orElse(List.of());
  }

  /** Ends every wait. Idempotent. */
  @Override
  public void close() throws IOException {
    watch.close();
  }
}
