package dev.topology.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A guest in which a build runs the maintainer scripts of packages, which are not trusted.
 *
 * <p>Commands run in it one after the other. It has no network, and of the host's files only the
 * image it was booted from. Closing it ends it.
 */
public interface BuildGuest extends AutoCloseable {

  /** Boots such guests; implemented in {@code launch}, which can run QEMU. */
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

  /** A command wrote nothing for longer than it may, so it was ended. */
  final class SilentException extends Exception {

    private static final long serialVersionUID = 1L;

    public SilentException(Duration silence) {
      super("a command in the guest wrote nothing for " + silence.toSeconds() + " seconds");
    }
  }

  /**
   * Runs a command, and returns its exit status when it has ended.
   *
   * @param silence how long it may write nothing; it is ended then
   * @param reader reads its standard output, on the calling thread
   * @throws ImageException if the guest ends first
   */
  int run(List<String> command, Duration silence, Reader reader)
      throws ImageException, SilentException, IOException, InterruptedException;

  @Override
  void close();
}
