package dev.topology.image.oci;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.image.ImageStore;
import dev.topology.image.StoreLock;
import dev.topology.image.erofs.ErofsWriter;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Attributes;
import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.oci.ContainerImage.Layer;
import dev.topology.image.oci.LayerMerger.Limits;
import dev.topology.model.ContainerReference;
import dev.topology.model.ContainerReference.Local;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The disks of one user that were made of container images, and the images of registries.
 *
 * <p>Below its root are an image layout with all that came from registries, and {@code disks}, with
 * one for each image that was run, called by the digest of its configuration: however the image is
 * named, it is merged once. Has no state: every call reads the file system. Thread-safe; two
 * processes that merge or pull do it one after the other.
 */
public final class ContainerStore {

  /** What guests run. */
  private static final String PLATFORM = "linux/amd64";

  /** The layout of disks; another one gets another number. */
  private static final String SUFFIX = ".1.erofs";

  private final Path root;
  private final Limits limits;

  /**
   * The store in a directory.
   *
   * @param root such as {@code ~/.cache/topology/containers}; need not exist
   */
  public ContainerStore(Path root) {
    this(root, Limits.USUAL);
  }

  ContainerStore(Path root, Limits limits) {
    this.root = root;
    this.limits = limits;
  }

  /**
   * Where the disk of an image is, or will be once it is made. Reads the image's manifest, not its
   * layers.
   *
   * @throws ImageException if the image itself is not there, or not usable
   */
  public Path disk(ContainerReference reference) throws ImageException {
    try (ImageParts parts = parts(reference)) {
      return disk(image(reference, parts));
    } catch (IOException | ImageException e) {
      throw failure(reference, e);
    }
  }

  /**
   * The disk of an image, made first if it is not there. Takes about a second for 100 MB.
   *
   * @throws ImageException if the image is not there, or not usable; nothing is left behind then
   */
  public Path ensure(ContainerReference reference, BuildListener listener)
      throws ImageException, InterruptedException {
    try (ImageParts parts = parts(reference)) {
      ContainerImage image = image(reference, parts);
      Path disk = disk(image);
      if (Files.exists(disk)) {
        return disk;
      }
      listener.container(reference.toString());
      try (StoreLock lock = StoreLock.acquire(root, listener)) {
        // The previous holder of the lock may have made it.
        if (!Files.exists(disk)) {
          Path work = lock.newWorkDirectory();
          try {
            make(image, parts, work, disk, listener);
          } finally {
            ImageStore.deleteTree(work);
          }
        }
      }
      return disk;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException | ImageException e) {
      throw failure(reference, e);
    }
  }

  private static ImageParts parts(ContainerReference reference) throws IOException, ImageException {
    if (reference instanceof Local local) {
      return ImageParts.open(local.path());
    }
    throw new ImageException(
        "images of registries are not fetched yet: save it as a file, and write oci:FILE");
  }

  private static ContainerImage image(ContainerReference reference, ImageParts parts)
      throws IOException, ImageException {
    return ContainerImage.find(parts, ((Local) reference).tag(), PLATFORM);
  }

  private Path disk(ContainerImage image) {
    return root.resolve("disks").resolve(image.id().hex() + SUFFIX);
  }

  private void make(
      ContainerImage image, ImageParts parts, Path work, Path disk, BuildListener listener)
      throws IOException, ImageException, InterruptedException {
    try (FileChannel scratch =
        FileChannel.open(
            work.resolve("scratch"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      LayerMerger merger = new LayerMerger(scratch, limits);
      List<Layer> layers = image.layers();
      for (int i = 0; i < layers.size(); i++) {
        String which = "layer %d of %d".formatted(i + 1, layers.size());
        listener.step("merging " + which);
        merge(layers.get(i), which, parts, work, merger);
      }
      listener.step("writing the disk");
      Inode top = Inode.directory(Attributes.ofRoot(0755));
      top.children().put("root", merger.root());
      Path config = Files.write(work.resolve("config"), image.config().forAgent());
      top.children().put("config", Inode.file(Attributes.ofRoot(0444), Content.of(config)));
      Path made = work.resolve("disk");
      ErofsWriter.write(top, made);
      Files.createDirectories(disk.getParent());
      Files.move(made, disk);
    }
  }

  private void merge(Layer layer, String which, ImageParts parts, Path work, LayerMerger merger)
      throws IOException, ImageException, InterruptedException {
    try (InputStream kept = parts.open(layer.path())) {
      Digest.Summed packed = new Digest.Summed(kept, Long.MAX_VALUE);
      try (InputStream tar = Compression.unpacked(packed, work)) {
        Digest.Summed sum = new Digest.Summed(tar, limits.bytesOfArchive());
        merger.add(new BufferedInputStream(sum, 1 << 16));
        sum.require(layer.unpacked());
      } catch (IOException | ImageException e) {
        // What is damaged gives all kinds of errors. That it is damaged says more.
        if (layer.kept().isPresent() && !(e instanceof ClosedByInterruptException)) {
          packed.require(layer.kept().get());
        }
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new ImageException(which + " is missing", e);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException | ImageException e) {
      throw new ImageException(which + ": " + words(e), e);
    }
  }

  private static ImageException failure(ContainerReference reference, Exception e) {
    return new ImageException("cannot use the container image " + reference + ": " + words(e), e);
  }

  private static String words(Exception e) {
    return e instanceof IOException failure
        ? ImageException.reason(failure)
        : String.valueOf(e.getMessage());
  }
}
