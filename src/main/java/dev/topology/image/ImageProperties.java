package dev.topology.image;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code image.properties}: what an image tells of itself. */
final class ImageProperties {

  static final String FILE = "image.properties";

  private ImageProperties() {}

  /** The image in a directory; what its properties do not tell is left empty. */
  static InstalledImage read(Path directory) throws ImageException {
    Properties properties = load(directory.resolve(FILE));
    Path fileName = directory.toAbsolutePath().normalize().getFileName();
    return new InstalledImage(
        properties.getProperty("name", fileName == null ? "/" : fileName.toString()),
        directory,
        directory.resolve("kernel"),
        directory.resolve("initramfs"),
        properties.getProperty("cmdline", ""),
        Optional.ofNullable(properties.getProperty("ready")),
        properties.getProperty("kernel-version", ""),
        instant(properties.getProperty("built", ""), directory),
        Stream.of(properties.getProperty("packages", "").split(" ", -1))
            .filter(word -> !word.isEmpty())
            .toList(),
        properties.getProperty("init", ""));
  }

  /** Writes the properties in a fixed order; {@link Properties#store} would add the time of day. */
  static void write(InstalledImage image, Path directory) throws IOException {
    TreeMap<String, String> properties = new TreeMap<>();
    properties.put("name", image.name());
    properties.put("cmdline", image.cmdline());
    image.ready().ifPresent(ready -> properties.put("ready", ready));
    properties.put("kernel-version", image.kernelVersion());
    image.built().ifPresent(built -> properties.put("built", built.toString()));
    properties.put("init", image.init());
    properties.put("packages", String.join(" ", image.packages()));
    List<String> lines =
        properties.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\"))
            .toList();
    Files.write(directory.resolve(FILE), lines);
  }

  private static Properties load(Path file) throws ImageException {
    Properties properties = new Properties();
    if (!Files.exists(file)) {
      return properties;
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return properties;
  }

  private static Optional<Instant> instant(String text, Path directory) throws ImageException {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      throw new ImageException(
          directory.resolve(FILE) + ": \"built\" is not a time like 2026-11-22T10:00:00Z: " + text,
          e);
    }
  }
}
