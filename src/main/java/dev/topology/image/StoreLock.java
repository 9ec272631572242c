package dev.topology.image;

import dev.topology.posix.TemporaryPlace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A lock on the file {@code .lock} of a store, held while a build writes to the store. The kernel
 * releases it when the process ends.
 */
public final class StoreLock implements Closeable {

  private static final long PAUSE_MILLIS = 50;

  private static final String WORK_PREFIX = ".build-";

  private final Path root;
  private final FileChannel channel;

  private StoreLock(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /** Waits for the lock, and removes what killed builds have left. */
  public static StoreLock acquire(Path root, BuildListener listener)
      throws IOException, InterruptedException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(
            root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean acquired = false;
    try {
      if (tryLock(channel) == null) {
        listener.waiting();
        // FileChannel.lock() would do for other processes, but not for another thread of this
        // one.
        while (tryLock(channel) == null) {
          Thread.sleep(PAUSE_MILLIS);
        }
      }
      clear(root);
      acquired = true;
      return new StoreLock(root, channel);
    } finally {
      if (!acquired) {
        channel.close();
      }
    }
  }

  /**
   * A new directory for a build, on the file system of the images so that they can be moved into
   * place. It is removed when the lock is closed.
   */
  public Path newWorkDirectory() throws IOException {
    return Files.createTempDirectory(root, WORK_PREFIX);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void clear(Path root) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root, WORK_PREFIX + "*")) {
      for (Path leftover : leftovers) {
        TemporaryPlace.deleteTree(leftover);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      clear(root);
    }
  }
}
