package dev.topology.image.oci;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.image.StoreLock;
import dev.topology.image.erofs.ErofsWriter;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Attributes;
import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.oci.ContainerImage.Layer;
import dev.topology.image.oci.ImageParts.OfDirectory;
import dev.topology.image.oci.LayerMerger.Limits;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.ContainerReference.Local;
import dev.topology.model.ContainerReference.Remote;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

  private static final String OCI = "application/vnd.oci.image.";

  /** The layout of disks; another one gets another number. */
  private static final String SUFFIX = ".1.erofs";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final Map<String, String> environment;
  private final Limits limits;

  /**
   * The store in a directory.
   *
   * @param root such as {@code ~/.cache/topology/containers}; need not exist
   * @param environment says where credentials are, and which proxies there are
   */
  public ContainerStore(Path root, Map<String, String> environment) {
    this(root, environment, Limits.USUAL);
  }

  ContainerStore(Path root, Map<String, String> environment, Limits limits) {
    this.root = root;
    this.environment = Map.copyOf(environment);
    this.limits = limits;
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
      make(image, parts, work, disk, listener);
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
    return ContainerImage.find(
        parts,
        reference instanceof Local local ? local.tag() : Optional.of(reference.toString()),
        architecture.platform());
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
      new Pull(root, environment, architecture.platform())
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
        importAs(
            name, ContainerImage.find(parts, source.tag(), architecture.platform()), parts, work);
      }
    } catch (IOException | ImageException e) {
      throw failure(source, e);
    }
  }

  private void importAs(Remote name, ContainerImage image, ImageParts parts, Path work)
      throws IOException, ImageException {
    LayoutIndex layout = new LayoutIndex(root);
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("schemaVersion", 2);
    byte[] config = parts.document(image.configPath());
    layout.keep(image.id(), config);
    ContentDescriptor.put(
        manifest.putObject("config"), OCI + "config.v1+json", image.id(), config.length);
    for (Layer layer : image.layers()) {
      copy(layer, parts, work, manifest.withArray("layers").addObject());
    }
    byte[] written = JSON.writeValueAsBytes(manifest);
    Digest digest = Digest.of(written);
    layout.keep(digest, written);
    layout.put(name.toString(), ContentDescriptor.ofDocument(manifest, digest, written.length));
  }

  private void copy(Layer layer, ImageParts parts, Path work, ObjectNode descriptor)
      throws IOException, ImageException {
    Path file = work.resolve("layer");
    try (InputStream in = parts.open(layer.path())) {
      Digest.Summed sum = new Digest.Summed(in, Long.MAX_VALUE);
      Files.copy(sum, file, StandardCopyOption.REPLACE_EXISTING);
      Digest digest = layer.kept().orElse(layer.unpacked());
      sum.require(digest);
      Path place = root.resolve(ImageParts.path(digest));
      Files.createDirectories(place.getParent());
      Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
      ContentDescriptor.put(descriptor, OCI + "layer.v1.tar", digest, sum.count());
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
