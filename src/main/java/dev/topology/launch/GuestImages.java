package dev.topology.launch;

import dev.topology.image.BuildGuest;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageBuilder;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.image.PackageSource;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.guest.ShareFileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds what the nodes of one architecture boot: guest images in the user's store or in a
 * directory, and container images.
 */
final class GuestImages {

  private final UserDirectories user;
  private final ImageStore store;
  private final ImageBuilder builder;

  private final Architecture architecture;

  /**
   * @param ofHost the host's own architecture
   * @param booter boots guests of the other
   */
  GuestImages(
      UserDirectories user,
      Architecture ofHost,
      Architecture architecture,
      BuildGuest.Booter booter) {
    this.user = user;
    this.architecture = architecture;
    this.store = new ImageStore(user.images(architecture));
    PackageSource packages =
        architecture == ofHost
            ? PackageSource.ofHost(architecture)
            : new PackageSource(architecture, Optional.of(user.cache().resolve("apt")));
    this.builder = new ImageBuilder(store, packages, Clock.systemUTC(), booter);
  }

  /**
   * Those that are there, by the name or directory the topology gives them. One that is damaged and
   * can be built again is as good as missing.
   *
   * @throws ImageException if another is damaged, or a directory holds none
   */
  Map<String, BootableImage> present(Topology topology) throws ImageException {
    Map<String, BootableImage> images = new LinkedHashMap<>();
    for (String reference : references(topology)) {
      Optional<InstalledImage> image = find(reference);
      if (image.isPresent()) {
        images.put(
            reference,
            asPlanned(reference, image.get(), shareFileSystems(reference, image.get(), topology)));
      }
    }
    return images;
  }

  /**
   * Those that are there, and the built-in one, which is built if it is missing or another version
   * of topology built it; those that are damaged are built again. That can take minutes where
   * packages have to be downloaded.
   *
   * @throws ImageException also if another version built one of the others
   */
  Map<String, BootableImage> required(Topology topology, BuildListener listener)
      throws ImageException, InterruptedException {
    String builtIn = ImageRecipe.DEFAULT.name();
    for (String reference : references(topology)) {
      if (reference.equals(builtIn) || isRepairable(reference)) {
        ensure(store.recipe(reference).orElseThrow(), listener);
      } else {
        requireCurrent(find(reference));
      }
    }
    return present(topology);
  }

  /** Whether it is damaged and can be built again as it was. */
  private boolean isRepairable(String reference) {
    return isName(reference)
        && store.damage(reference).isPresent()
        && store.recipe(reference).isPresent();
  }

  private static void requireCurrent(Optional<InstalledImage> image) throws ImageException {
    if (image.filter(InstalledImage::isOutdated).isPresent()) {
      throw ImageException.outdated(image.get());
    }
  }

  /**
   * The disks of the container images that a topology names; those that are not there are made, and
   * what is missing of an image is fetched from its registry.
   */
  Map<ContainerReference, Path> requiredContainers(Topology topology, BuildListener listener)
      throws ImageException, InterruptedException {
    Map<ContainerReference, Path> disks = new LinkedHashMap<>();
    for (ContainerReference reference : containers(topology)) {
      disks.put(reference, user.containers().ensure(reference, architecture, listener));
    }
    return disks;
  }

  /** Where those disks are, or will be once they are made. */
  Map<ContainerReference, Path> promisedContainers(Topology topology) throws ImageException {
    Map<ContainerReference, Path> disks = new LinkedHashMap<>();
    for (ContainerReference reference : containers(topology)) {
      disks.put(reference, user.containers().disk(reference, architecture));
    }
    return disks;
  }

  private Set<ContainerReference> containers(Topology topology) {
    Set<ContainerReference> references = new LinkedHashSet<>();
    nodes(topology).forEach(node -> node.boot().container().ifPresent(references::add));
    return references;
  }

  private Stream<Node> nodes(Topology topology) {
    return topology.nodes().stream().filter(it -> it.architecture() == architecture);
  }

  /** Builds images into the user's store. */
  ImageBuilder builder() {
    return builder;
  }

  /** Builds an image if it is missing or lacks a package. */
  void ensure(ImageRecipe recipe, BuildListener listener)
      throws ImageException, InterruptedException {
    builder.ensure(recipe, listener);
  }

  /** The names that a topology may give here, the built-in image's included. */
  Set<String> names() throws ImageException {
    Set<String> names = new LinkedHashSet<>(store.names());
    names.add(ImageRecipe.DEFAULT.name());
    return names;
  }

  /**
   * The names of the modules of an image's kernel; empty if they are unknown: the image is not
   * there, is no image of the store, or will be built again.
   */
  Optional<Set<String>> moduleNames(String image) {
    try {
      Optional<InstalledImage> found = find(image).filter(it -> isName(image) && it.hasThisInit());
      return found.isPresent() ? found.get().moduleNames() : Optional.empty();
    } catch (ImageException unusable) {
      return Optional.empty();
    }
  }

  /** What an image will be once it is built into the store. */
  BootableImage promised(String name) {
    Path directory = store.root().resolve(name);
    return new BootableImage(
        name,
        directory.resolve("kernel"),
        Optional.of(directory.resolve("initramfs")),
        Optional.of(directory.resolve("modules")),
        "",
        /* speaksControl= */ true,
        /* hasAgent= */ true,
        EnumSet.allOf(ShareFileSystem.class));
  }

  /** The names and directories that a topology gives, in the order of its nodes. */
  Set<String> references(Topology topology) {
    Set<String> references = new LinkedHashSet<>();
    nodes(topology).forEach(node -> node.boot().image().ifPresent(references::add));
    return references;
  }

  /** A name has no slash; all else is a directory. */
  static boolean isName(String reference) {
    return reference.indexOf('/') < 0;
  }

  private Optional<InstalledImage> find(String reference) throws ImageException {
    if (isRepairable(reference)) {
      return Optional.empty();
    }
    return isName(reference)
        ? store.find(reference)
        : Optional.of(ImageStore.open(user.resolve(Path.of(reference))));
  }

  /** Those that its kernel has; all where no node asks. A kernel has thousands of modules. */
  private Set<ShareFileSystem> shareFileSystems(
      String reference, InstalledImage image, Topology topology) throws ImageException {
    Set<ShareFileSystem> all = EnumSet.allOf(ShareFileSystem.class);
    boolean isAsked =
        nodes(topology)
            .filter(it -> it.boot().image().filter(reference::equals).isPresent())
            .anyMatch(it -> !it.shares().isEmpty());
    if (isAsked) {
      Optional<Set<String>> modules = image.moduleNames();
      all.removeIf(it -> modules.filter(names -> !names.contains(it.module())).isPresent());
    }
    return all;
  }

  private static BootableImage asPlanned(
      String reference, InstalledImage image, Set<ShareFileSystem> shares) {
    return new BootableImage(
        reference,
        image.kernel(),
        Optional.of(image.initramfs()),
        image.modules(),
        image.cmdline(),
        /* speaksControl= */ image.ready().isEmpty(),
        image.hasThisInit(),
        shares);
  }
}
