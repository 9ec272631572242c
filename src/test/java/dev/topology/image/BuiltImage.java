package dev.topology.image;

import dev.topology.testing.TestHost;
import dev.topology.testing.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The default image, built once for all tests below {@code target} and again when its init changes.
 */
final class BuiltImage {

  private BuiltImage() {}

  /** The image; the first call downloads a kernel. Skips the test where there is no apt. */
  static InstalledImage get() throws ImageException, InterruptedException {
    return get(ImageRecipe.DEFAULT);
  }

  static InstalledImage get(ImageRecipe recipe) throws ImageException, InterruptedException {
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      return Unavailable.because(
          "guest images are built from Debian's or Ubuntu's packages, and there is no apt-get");
    }
    return TestHost.imageBuilder().ensure(recipe, new BuildListener() {});
  }
}
