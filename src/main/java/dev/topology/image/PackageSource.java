package dev.topology.image;

import dev.topology.image.ImageRecipe.Flavour;
import dev.topology.model.Architecture;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the packages of images come from: this system's apt, with its lists of packages for the
 * host's own architecture; for another, with lists of our own, since the system keeps none.
 *
 * @param architecture of the packages
 * @param lists where those lists are kept between builds; need not exist
 */
public record PackageSource(Architecture architecture, Optional<Path> lists) {

  /** This system's own packages. */
  public static PackageSource ofHost(Architecture architecture) {
    return new PackageSource(architecture, Optional.empty());
  }

  /**
   * Packages of Debian and Ubuntu that depend on the current kernel package. An image has the first
   * of them that there is.
   */
  List<String> kernels(Flavour flavour) {
    List<String> generic = List.of("linux-image-generic", "linux-image-" + architecture);
    return switch (flavour) {
      case GENERIC -> generic;
      case CLOUD ->
          Stream.concat(
                  Stream.of("linux-image-cloud-" + architecture, "linux-image-virtual"),
                  generic.stream())
              .toList();
    };
  }
}
