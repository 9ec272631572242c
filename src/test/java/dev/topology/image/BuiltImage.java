package dev.topology.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * The default image, built once for all tests below {@code target} and again when its init changes.
 */
final class BuiltImage {

  private static final ImageStore STORE = new ImageStore(Path.of("target", "test-images"));

  private BuiltImage() {}

  /** The image; the first call downloads a kernel. Skips the test where there is no apt. */
  static InstalledImage get() throws ImageException, InterruptedException {
    return get(ImageRecipe.DEFAULT);
  }

  static InstalledImage get(ImageRecipe recipe) throws ImageException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/apt-get")),
        "guest images are built from Debian's or Ubuntu's packages, and there is no apt-get");
    return new ImageBuilder(STORE, Clock.systemUTC()).ensure(recipe, new BuildListener() {});
  }
}
