package dev.topology.image;

import dev.topology.posix.TemporaryPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images of one user, each in a directory of its name under one root.
 *
 * <p>Has no state: every call reads the file system. Directories that start with a dot are
 * unfinished builds and are never listed. Thread-safe.
 *
 * @param root the directory of images, such as {@code ~/.cache/topology/images}; need not exist
 */
public record ImageStore(Path root) {

  /**
   * The image of that name, if it has been built.
   *
   * @throws ImageException if it is there but damaged
   */
  public Optional<InstalledImage> find(String name) throws ImageException {
    if (!ImageRecipe.isName(name) || !Files.isDirectory(root.resolve(name))) {
      return Optional.empty();
    }
    Optional<String> damage = damage(name);
    if (damage.isPresent()) {
      throw new ImageException(
          "guest image \"%s\" is damaged: %s. Build it again with \"topology image build\""
              .formatted(name, damage.get()));
    }
    return Optional.of(open(root.resolve(name)));
  }

  /**
   * Why the image of that name cannot be used, as a clause; empty if it can, or was never built.
   * Takes less than a millisecond, unless the files were copied since: then they are read once.
   */
  public Optional<String> damage(String name) {
    Path directory = root.resolve(name);
    if (!ImageRecipe.isName(name) || !Files.isDirectory(directory)) {
      return Optional.empty();
    }
    Optional<String> changed = new ImageManifest(directory).damage();
    if (changed.isPresent()) {
      return changed;
    }
    try {
      open(directory);
      return Optional.empty();
    } catch (ImageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** How the image of that name was built, where that is known, so that it can be built again. */
  public Optional<ImageRecipe> recipe(String name) {
    Optional<ImageRecipe> built = new ImageManifest(root.resolve(name)).recipe();
    return name.equals(ImageRecipe.DEFAULT.name())
        ? built.or(() -> Optional.of(ImageRecipe.DEFAULT))
        : built;
  }

  /** The names of all images, damaged ones included, in their order. */
  public List<String> names() throws ImageException {
    return directories().stream().map(it -> it.getFileName().toString()).toList();
  }

  /** All images that can be used, by name. */
  public List<InstalledImage> list() throws ImageException {
    List<InstalledImage> images = new ArrayList<>();
    for (Path directory : directories()) {
      if (damage(directory.getFileName().toString()).isEmpty()) {
        images.add(open(directory));
      }
    }
    return images;
  }

  /**
   * Removes an image. Guests that run from it are not disturbed: their QEMU has read it already.
   *
   * @return whether there was one of that name
   */
  public boolean remove(String name) throws ImageException {
    Path directory = root.resolve(name);
    if (!ImageRecipe.isName(name) || !Files.isDirectory(directory)) {
      return false;
    }
    try {
      TemporaryPlace.deleteTree(directory);
      return true;
    } catch (IOException e) {
      throw new ImageException(
          "cannot remove image \"" + name + "\": " + ImageException.reason(e), e);
    }
  }

  /**
   * The image in a directory of the user's own: files {@code kernel} and {@code initramfs}, and
   * {@code image.properties} if it has something to tell.
   */
  public static InstalledImage open(Path directory) throws ImageException {
    if (!Files.isDirectory(directory)) {
      throw new ImageException(
          "cannot use " + directory + " as a guest image: it is not a directory");
    }
    InstalledImage image = InstalledImage.read(directory);
    requireFile(image, image.kernel());
    requireFile(image, image.initramfs());
    return image;
  }

  private static void requireFile(InstalledImage image, Path file) throws ImageException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ImageException(
          "cannot use "
              + image.directory()
              + " as a guest image: "
              + (Files.exists(file) ? "cannot read its \"" : "it has no file \"")
              + file.getFileName()
              + "\". An image is a directory with the files \"kernel\" and \"initramfs\"");
    }
  }

  private List<Path> directories() throws ImageException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(child -> ImageRecipe.isName(child.getFileName().toString()))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ImageException(
          "cannot list the images in " + root + ": " + ImageException.reason(e), e);
    }
  }
}
