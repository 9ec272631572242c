package dev.topology.image;

import dev.topology.image.ImageRecipe.Flavour;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Builds guest images into a store from this system's own packages, as an ordinary user.
 *
 * <p>A build works in a directory of its own beside the images and takes the image's place only
 * when it is complete. Two builds into one store run one after the other, also in different
 * processes. Maintainer scripts of packages run in a guest. Blocks; an interrupt ends the build and
 * leaves nothing behind.
 *
 * @param store where images go
 * @param packages where their packages come from, and of which architecture they are
 * @param clock for the time at which an image was built
 * @param booter boots the guest in which packages are configured
 */
public record ImageBuilder(
    ImageStore store, PackageSource packages, Clock clock, BuildGuest.Booter booter) {

  /** Packages, their files, apt's caches, the kernel. With less, apt fails without a message. */
  private static final long SPACE_BYTES = 400_000_000;

  /** How much more there is of a kernel with all modules. */
  private static final long SPACE_BYTES_OF_MODULES = 900_000_000;

  /** As above, with the tools of maintainer scripts and the image of the build guest. */
  private static final long SPACE_BYTES_WITH_PACKAGES = 900_000_000;

  /** Builds an image, in place of one of the same name. */
  public InstalledImage build(ImageRecipe recipe, BuildListener listener)
      throws ImageException, InterruptedException {
    try (StoreLock lock = StoreLock.acquire(store.root(), listener)) {
      return buildLocked(recipe, listener, lock);
    } catch (IOException e) {
      throw failure(recipe, e);
    }
  }

  /**
   * The image of that name, built first if it is not there, if it is damaged, if it lacks one of
   * the packages or the kernel, or if it has the init of another version of topology.
   */
  public InstalledImage ensure(ImageRecipe recipe, BuildListener listener)
      throws ImageException, InterruptedException {
    try {
      Optional<InstalledImage> there = current(recipe);
      if (there.isPresent()) {
        return there.get();
      }
      try (StoreLock lock = StoreLock.acquire(store.root(), listener)) {
        // The previous holder of the lock may have built it.
        Optional<InstalledImage> meanwhile = current(recipe);
        Optional<String> damage = store.damage(recipe.name());
        damage.ifPresent(why -> listener.damaged(recipe.name(), why));
        if (meanwhile.isEmpty()
            && damage.isEmpty()
            && store.find(recipe.name()).filter(recipe::isServedBy).isPresent()) {
          listener.outdated();
        }
        return meanwhile.isPresent() ? meanwhile.get() : buildLocked(recipe, listener, lock);
      }
    } catch (IOException e) {
      throw failure(recipe, e);
    }
  }

  private Optional<InstalledImage> current(ImageRecipe recipe) throws ImageException {
    if (store.damage(recipe.name()).isPresent()) {
      return Optional.empty();
    }
    return store
        .find(recipe.name())
        .filter(image -> !image.isOutdated())
        .filter(image -> hasKernelOf(recipe))
        .filter(recipe::isServedBy);
  }

  /** A recipe that asks for the smallest kernel is served by any. */
  private boolean hasKernelOf(ImageRecipe recipe) {
    return recipe.flavour() == Flavour.CLOUD
        || store.recipe(recipe.name()).filter(it -> it.flavour() == recipe.flavour()).isPresent();
  }

  private InstalledImage buildLocked(ImageRecipe recipe, BuildListener listener, StoreLock lock)
      throws IOException, ImageException, InterruptedException {
    requireSpace(recipe);
    Path workDirectory = lock.newWorkDirectory();
    return new ImageBuild(recipe, packages, store.root(), workDirectory, clock, booter, listener)
        .run();
  }

  /** Unknown free space is no reason to fail: a full disk gives an error of its own. */
  private void requireSpace(ImageRecipe recipe) throws ImageException {
    File root = store.root().toFile();
    long free = root.getUsableSpace();
    long needed =
        (recipe.extraPackages().isEmpty() ? SPACE_BYTES : SPACE_BYTES_WITH_PACKAGES)
            + (recipe.flavour() == Flavour.GENERIC ? SPACE_BYTES_OF_MODULES : 0);
    if (root.getTotalSpace() > 0 && free < needed) {
      throw new ImageException(
          ("cannot build guest image \"%s\" in %s: that takes %d MB for a moment, and %d MB are free."
                  + " %s")
              .formatted(
                  recipe.name(),
                  store.root(),
                  needed / 1_000_000,
                  free / 1_000_000,
                  ImageException.MORE_SPACE));
    }
  }

  private ImageException failure(ImageRecipe recipe, IOException e) {
    return new ImageException(
        "cannot build guest image \""
            + recipe.name()
            + "\" in "
            + store.root()
            + ": "
            + ImageException.reason(e)
            + ImageException.remedy(e, store.root()).map(remedy -> ". " + remedy).orElse(""),
        e);
  }
}
