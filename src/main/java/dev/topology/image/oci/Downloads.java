package dev.topology.image.oci;

import dev.topology.image.BuildListener;
import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Parts of an image layout that are fetched from a registry when they are missing. A part takes its
 * place when its digest was seen to be right; the beginning of one that broke off is gone on with.
 */
final class Downloads {

  private static final int PIECE = 1 << 16;
  private static final int MOST_TRIES = 3;

  private final Path layout;
  private final Registry registry;
  private final Path work;
  private final BuildListener listener;

  /**
   * @param work a directory for what is not whole yet
   */
  Downloads(Path layout, Registry registry, Path work, BuildListener listener) {
    this.layout = layout;
    this.registry = registry;
    this.work = work;
    this.listener = listener;
  }

  /**
   * Fetches a part, if it is missing.
   *
   * @param shown whether its progress is shown
   */
  void fetch(ContentDescriptor part, boolean shown)
      throws IOException, ImageException, InterruptedException {
    Path place = layout.resolve(ImageParts.path(part.digest()));
    PackageDownload download = part.download();
    if (!Files.exists(place)) {
      Path file = work.resolve(part.digest().hex());
      fetch(part, file, shown, download);
      require(part, file);
      Files.createDirectories(place.getParent());
      Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
    }
    if (shown) {
      listener.downloading(download, download.bytes());
    }
  }

  private void fetch(ContentDescriptor part, Path file, boolean shown, PackageDownload download)
      throws IOException, ImageException, InterruptedException {
    IOException failure = new IOException("nothing came");
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long start = Files.exists(file) ? Files.size(file) : 0;
      Registry.Part answer = registry.blob(part.digest(), start);
      try (InputStream in = answer.content();
          OutputStream out =
              Files.newOutputStream(
                  file,
                  StandardOpenOption.CREATE,
                  answer.start() > 0
                      ? StandardOpenOption.APPEND
                      : StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE)) {
        copy(in, out, answer.start(), part, shown, download);
        return;
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        failure = e;
      }
    }
    throw failure;
  }

  private void copy(
      InputStream in,
      OutputStream out,
      long start,
      ContentDescriptor part,
      boolean shown,
      PackageDownload download)
      throws IOException, ImageException {
    byte[] piece = new byte[PIECE];
    long done = start;
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      out.write(piece, 0, count);
      done += count;
      if (part.size() >= 0 && done > part.size()) {
        throw new ImageException(
            "its part " + part.digest().shortened() + " is longer than its manifest says");
      }
      if (shown && done < download.bytes()) {
        listener.downloading(download, done);
      }
    }
    if (part.size() >= 0 && done < part.size()) {
      throw new IOException("the registry sent %d of %d bytes".formatted(done, part.size()));
    }
  }

  private static void require(ContentDescriptor part, Path file)
      throws IOException, ImageException {
    try (InputStream in = Files.newInputStream(file)) {
      Digest.Summed sum = new Digest.Summed(in, Long.MAX_VALUE);
      sum.require(part.digest());
    } catch (ImageException e) {
      Files.delete(file);
      throw new ImageException("its part " + part.digest().shortened() + ": " + e.getMessage(), e);
    }
  }
}
