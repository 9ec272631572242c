package dev.topology.image.oci;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.image.StoreLock;
import dev.topology.image.oci.ContainerImage.Layer;
import dev.topology.image.oci.ImageParts.OfDirectory;
import dev.topology.image.oci.LayerMerger.Limits;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.ContainerReference.Local;
import dev.topology.model.ContainerReference.Remote;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The disks of one user that were made of container images, and the images of registries.
 *
 * <p>Below its root are an image layout with all that came from registries, and {@code disks}, with
 * one for each image that was run, called by the digest of its configuration: however the image is
 * named, it is merged once. Has no state: every call reads the file system. Thread-safe; two
 * processes that merge or pull do it one after the other.
 */
public final class ContainerStore {

  /** The layout of disks; another one gets another number. */
  private static final String SUFFIX = ".1.erofs";

  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Path root;
  private final Map<String, String> environment;
  private final Limits limits;
  private final Duration silence;

  /**
   * The store in a directory.
   *
   * @param root such as {@code ~/.cache/topology/containers}; need not exist
   * @param environment says where credentials are, and which proxies there are
   */
  public ContainerStore(Path root, Map<String, String> environment) {
    this(root, environment, Limits.USUAL, SILENCE);
  }

  /**
   * @param silence how long a registry may say nothing in the middle of an answer
   */
  ContainerStore(Path root, Map<String, String> environment, Limits limits, Duration silence) {
    this.root = root;
    this.environment = Map.copyOf(environment);
    this.limits = limits;
    this.silence = silence;
  }

  /** Where they are kept. */
  public Path root() {
    return root;
  }

  /**
   * Where the disk of an image is, or will be once it is made. Reads the image's manifest, not its
   * layers.
   *
   * @param architecture for which of those that the image may be for
   * @throws ImageException if the image itself is not there, or not usable
   */
  public Path disk(ContainerReference reference, Architecture architecture) throws ImageException {
    Path notYet = root.resolve("disks").resolve("of an image that is not there yet");
    if (reference instanceof Remote remote && !isStored(remote, architecture)) {
      return notYet;
    }
    try {
      Optional<CompressedArchive> packed = CompressedArchive.of(reference, architecture, root);
      if (packed.isPresent()) {
        return packed.get().image().map(this::disk).orElse(notYet);
      }
      try (ImageParts parts = parts(reference)) {
        return disk(image(reference, architecture, parts).id());
      }
    } catch (IOException | ImageException e) {
      throw failure(reference, e);
    }
  }

  /**
   * What an image is for: {@code linux/amd64}. Reads no more than its manifest; empty if it is not
   * here, is an archive that would have to be unpacked, or cannot be used.
   */
  public Set<String> platforms(ContainerReference reference) {
    try {
      boolean isPacked =
          reference instanceof Local local
              && Files.isRegularFile(local.path())
              && Compression.isOf(local.path());
      boolean isMissing = reference instanceof Remote remote && !isStored(remote);
      if (isPacked || isMissing) {
        return Set.of();
      }
      try (ImageParts parts = parts(reference)) {
        return ContainerImage.platforms(parts, tag(reference));
      }
    } catch (IOException | ImageException unusable) {
      // What is wrong is said where the image is used.
      return Set.of();
    }
  }

  /**
   * The disk of an image, made first if it is not there. Takes about a second for 100 MB.
   *
   * @throws ImageException if the image is not there, or not usable; nothing is left behind then
   */
  public Path ensure(
      ContainerReference reference, Architecture architecture, BuildListener listener)
      throws ImageException, InterruptedException {
    if (reference instanceof Remote remote && !isStored(remote, architecture)) {
      pull(remote, architecture, listener);
    }
    try {
      Optional<CompressedArchive> packed = CompressedArchive.of(reference, architecture, root);
      return packed.isPresent()
          ? ensure(packed.get(), reference, architecture, listener)
          : ensureUnpacked(reference, architecture, listener);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException | ImageException e) {
      throw failure(reference, e);
    }
  }

  private Path ensureUnpacked(
      ContainerReference reference, Architecture architecture, BuildListener listener)
      throws IOException, ImageException, InterruptedException {
    try (ImageParts parts = parts(reference)) {
      ContainerImage image = image(reference, architecture, parts);
      Path disk = disk(image.id());
      if (!Files.exists(disk)) {
        listener.container(reference.toString());
        try (StoreLock lock = StoreLock.acquire(root, listener)) {
          ensure(image, parts, lock.newWorkDirectory(), disk, listener);
        }
      }
      return disk;
    }
  }

  private Path ensure(
      CompressedArchive packed,
      ContainerReference reference,
      Architecture architecture,
      BuildListener listener)
      throws IOException, ImageException, InterruptedException {
    Optional<Path> known = packed.image().map(this::disk).filter(Files::exists);
    if (known.isPresent()) {
      return known.get();
    }
    listener.container(reference.toString());
    try (StoreLock lock = StoreLock.acquire(root, listener)) {
      Path work = lock.newWorkDirectory();
      listener.step("unpacking the archive");
      try (ImageParts parts = packed.unpacked(work, limits)) {
        ContainerImage image = image(reference, architecture, parts);
        ensure(image, parts, work, disk(image.id()), listener);
        packed.remember(image.id());
        return disk(image.id());
      }
    }
  }

  /** The previous holder of the lock may have made it. */
  private void ensure(
      ContainerImage image, ImageParts parts, Path work, Path disk, BuildListener listener)
      throws IOException, ImageException, InterruptedException {
    if (!Files.exists(disk)) {
      new DiskMaker(image, parts, limits, work, listener).make(disk);
    }
  }

  private ImageParts parts(ContainerReference reference) throws IOException, ImageException {
    return reference instanceof Local local
        ? ImageParts.open(local.path())
        : new ImageParts.OfDirectory(root);
  }

  private static ContainerImage image(
      ContainerReference reference, Architecture architecture, ImageParts parts)
      throws IOException, ImageException {
    return ContainerImage.find(parts, tag(reference), architecture.platform());
  }

  /** What an image is called in its layout. */
  private static Optional<String> tag(ContainerReference reference) {
    return reference instanceof Local local ? local.tag() : Optional.of(reference.toString());
  }

  private boolean isStored(Remote reference) throws ImageException {
    try {
      return new LayoutIndex(root).find(reference.toString()).isPresent();
    } catch (IOException e) {
      throw failure(reference, e);
    }
  }

  /** Of an image for several architectures only those are here that were asked for. */
  private boolean isStored(Remote reference, Architecture architecture) throws ImageException {
    try (ImageParts parts = new OfDirectory(root)) {
      Optional<ContentDescriptor> found = new LayoutIndex(root).find(reference.toString());
      return found.isPresent()
          && !ContainerImage.lacks(parts, found.get(), architecture.platform());
    } catch (IOException | ImageException e) {
      throw failure(reference, e);
    }
  }

  /**
   * Fetches an image for an architecture from its registry, with those parts only that are not
   * there, also where an image of that name is there already: its tag may have moved.
   *
   * @throws ImageException if the registry cannot be reached, wants other credentials, or sends
   *     what it should not; what was there stays
   */
  public void pull(Remote reference, Architecture architecture, BuildListener listener)
      throws ImageException, InterruptedException {
    listener.container(reference.toString());
    try (StoreLock lock = StoreLock.acquire(root, listener)) {
      new Pull(root, environment, architecture.platform(), silence)
          .pull(reference, listener, lock.newWorkDirectory());
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException | ImageException e) {
      throw failure(reference, e);
    }
  }

  /**
   * Copies an image for an architecture of a layout or an archive into the store, under the name
   * that an image of a registry has.
   *
   * @throws ImageException if it is not usable
   */
  public void importAs(Remote name, Local source, Architecture architecture, BuildListener listener)
      throws ImageException, InterruptedException {
    listener.container(source.toString());
    try (StoreLock lock = StoreLock.acquire(root, listener)) {
      Path work = lock.newWorkDirectory();
      Optional<CompressedArchive> packed = CompressedArchive.of(source, architecture, root);
      try (ImageParts parts =
          packed.isPresent() ? packed.get().unpacked(work, limits) : parts(source)) {
        ContainerImage image = ContainerImage.find(parts, source.tag(), architecture.platform());
        new ImageImport(root, image, parts, work).copyAs(name);
      }
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException();
    } catch (IOException | ImageException e) {
      throw failure(source, e);
    }
  }

  /**
   * An image of the store, for one architecture.
   *
   * @param name the reference
   * @param platform what it runs on, {@code linux/amd64}
   * @param id enough of the digest of its configuration
   * @param bytes of its layers, as they are kept
   */
  public record StoredImage(String name, String platform, String id, long bytes) {}

  /**
   * The images of registries that are here, by name. Of one that is damaged the platform and the id
   * are empty.
   */
  public List<StoredImage> list() throws ImageException {
    List<StoredImage> images = new ArrayList<>();
    try (ImageParts parts = new OfDirectory(root)) {
      for (ContentDescriptor each : new LayoutIndex(root).all()) {
        Set<StoredImage> here = new LinkedHashSet<>();
        for (Architecture architecture : Architecture.values()) {
          listed(parts, each, architecture.platform()).ifPresent(here::add);
        }
        images.addAll(
            here.isEmpty() ? List.of(new StoredImage(each.name().orElse(""), "", "", 0)) : here);
      }
    } catch (IOException e) {
      throw new ImageException(
          "cannot list the container images in " + root + ": " + ImageException.reason(e), e);
    }
    images.sort(Comparator.comparing(StoredImage::name));
    return images;
  }

  /** Empty where there is none for that platform, and of one that is damaged. */
  private Optional<StoredImage> listed(ImageParts parts, ContentDescriptor each, String platform)
      throws IOException {
    try {
      if (ContainerImage.lacks(parts, each, platform)) {
        return Optional.empty();
      }
      ContainerImage image = ContainerImage.ofLayout(parts, each, platform);
      long bytes = 0;
      for (Layer layer : image.layers()) {
        bytes += Files.size(root.resolve(layer.path()));
      }
      return Optional.of(
          new StoredImage(
              each.name().orElse(""), image.config().platform(), image.id().shortened(), bytes));
    } catch (ImageException | NoSuchFileException damaged) {
      return Optional.empty();
    }
  }

  /**
   * Removes an image of a registry, its disks, and the layers that no other image has. Guests that
   * run from it are not disturbed: their QEMU has it open.
   *
   * @return whether there was one of that name
   */
  // The lock is held, and not used.
  @SuppressWarnings("try")
  public boolean remove(Remote reference) throws ImageException, InterruptedException {
    if (!isStored(reference)) {
      return false;
    }
    try (StoreLock lock = StoreLock.acquire(root, new BuildListener() {})) {
      LayoutIndex index = new LayoutIndex(root);
      Set<Path> disks = new LinkedHashSet<>();
      for (Architecture each : Architecture.values()) {
        try {
          disks.add(disk(reference, each));
        } catch (ImageException damaged) {
          // Or for another architecture. Then it has no disk that could be told from others'.
        }
      }
      index.remove(reference.toString());
      for (Path disk : disks) {
        Files.deleteIfExists(disk);
      }
      return true;
    } catch (IOException e) {
      throw failure(reference, e);
    }
  }

  private Path disk(Digest image) {
    return root.resolve("disks").resolve(image.hex() + SUFFIX);
  }

  private ImageException failure(ContainerReference reference, Exception e) {
    Optional<String> remedy =
        (e instanceof IOException ? e : e.getCause()) instanceof IOException io
            ? ImageException.remedy(io, root)
            : Optional.empty();
    return new ImageException(
        "cannot use the container image "
            + reference
            + ": "
            + ImageException.reason(e)
            + remedy.map(it -> ". " + it).orElse(""),
        e);
  }
}
