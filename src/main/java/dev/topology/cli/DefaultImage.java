package dev.topology.cli;

import dev.topology.host.Finding;
import dev.topology.host.Finding.Level;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.launch.Surroundings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the built-in guest image, for the doctor. */
final class DefaultImage {

  private static final String SUBJECT = "image";

  private DefaultImage() {}

  static Finding finding(Surroundings surroundings) {
    ImageStore store = new ImageStore(surroundings.images());
    Optional<String> damage = store.damage(ImageRecipe.DEFAULT.name());
    if (damage.isPresent()) {
      return new Finding(
          Level.WARN,
          SUBJECT,
          "default is damaged: " + damage.get(),
          Optional.of("The next topology up will build it again; so does: topology image build"));
    }
    try {
      return store
          .find(ImageRecipe.DEFAULT.name())
          .map(image -> new Finding(Level.OK, SUBJECT, describe(image), Optional.empty()))
          .orElseGet(() -> missing(surroundings.environment()));
    } catch (ImageException e) {
      return new Finding(
          Level.FAIL,
          SUBJECT,
          String.valueOf(e.getMessage()),
          Optional.of("Build it again: topology image build"));
    }
  }

  private static Finding missing(Map<String, String> environment) {
    String remedy = "The first topology up will build it; so does: topology image build";
    if (isOnPath("zstd", environment)) {
      return new Finding(Level.WARN, SUBJECT, "default is not built yet", Optional.of(remedy));
    }
    return new Finding(
        Level.WARN,
        SUBJECT,
        "default is not built yet, and zstd is not installed, which packs the kernels of Debian 13"
            + " and Ubuntu",
        Optional.of("Install it there: apt-get install zstd\n" + remedy));
  }

  private static boolean isOnPath(String program, Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
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
