package dev.topology.cli;

import dev.topology.host.Finding;
import dev.topology.host.Finding.Level;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.launch.Surroundings;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/** Looks at the built-in guest image, for the doctor. */
final class DefaultImage {

  private static final String SUBJECT = "image";

  private DefaultImage() {}

  static Finding finding(Surroundings surroundings) {
    try {
      return new ImageStore(surroundings.images())
          .find(ImageRecipe.DEFAULT.name())
          .map(image -> new Finding(Level.OK, SUBJECT, describe(image), Optional.empty()))
          .orElseGet(DefaultImage::missing);
    } catch (ImageException e) {
      return new Finding(
          Level.FAIL,
          SUBJECT,
          String.valueOf(e.getMessage()),
          Optional.of("Build it again: topology image build"));
    }
  }

  private static Finding missing() {
    return new Finding(
        Level.WARN,
        SUBJECT,
        "default is not built yet",
        Optional.of("The first topology up will build it; so does: topology image build"));
  }

  private static String describe(InstalledImage image) {
    String kernel = image.kernelVersion().isEmpty() ? "" : "kernel " + image.kernelVersion();
    String built =
        image
            .built()
            .map(instant -> "built " + LocalDate.ofInstant(instant, ZoneId.systemDefault()))
            .orElse("");
    String separator = kernel.isEmpty() || built.isEmpty() ? "" : ", ";
    return image.name() + " (" + kernel + separator + built + ")";
  }
}
