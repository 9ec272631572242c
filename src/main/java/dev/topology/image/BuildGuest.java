package dev.topology.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A guest in which a build runs what it does not trust: the maintainer scripts of packages.
 *
 * <p>Commands run in it one after the other. It has no network and nothing of the host's but the
 * image it was booted from. Closing it ends it and leaves nothing behind.
 */
public interface BuildGuest extends AutoCloseable {

  /** Boots such guests; {@code launch} has one, because it takes a QEMU. */
  interface Booter {

    /**
     * Boots a guest from an image, and returns when it runs commands.
     *
     * @param image a directory as of an image store
     * @throws ImageException if no guest can be had on this host
     */
    BuildGuest boot(Path image) throws ImageException, InterruptedException;
  }

  /** Reads what a command writes, to its end. */
  interface Reader {
    void read(InputStream output) throws IOException;
  }

  /**
   * Runs a command, and returns its exit status when it has ended.
   *
   * @param reader reads its standard output, on the calling thread
   * @throws ImageException if the guest ends before
   */
  int run(List<String> command, Reader reader)
      throws ImageException, IOException, InterruptedException;

  @Override
  void close();
}
