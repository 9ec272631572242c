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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A guest image that can be booted.
 *
 * @param name what a topology file calls it; the directory's name for a user's own image
 * @param directory where it lies
 * @param kernel a bzImage or an ELF kernel; of arm64 an Image
 * @param initramfs the initramfs
 * @param cmdline what the image adds to the kernel command line; may be empty
 * @param ready a regular expression that the console shows when the guest is ready, for an image
 *     that does not say so over its control port
 * @param kernelVersion as {@code uname -r} says; empty if unknown
 * @param built when it was built; empty if unknown
 * @param packages the packages it was built from, as {@code name=version}
 * @param init the fingerprint of the built-in init; empty for a user's own image
 */
public record InstalledImage(
    String name,
    Path directory,
    Path kernel,
    Path initramfs,
    String cmdline,
    Optional<String> ready,
    String kernelVersion,
    Optional<Instant> built,
    List<String> packages,
    String init) {

  /** A file beside the kernel with these components, except the paths. */
  static final String PROPERTIES = "image.properties";

  /** A file beside the kernel: the disk with all of its modules. */
  static final String MODULES = "modules";

  /** A file beside the kernel: what modprobe(8) can be asked for there, one name a line. */
  static final String MODULE_NAMES = "module-names";

  public InstalledImage {
    packages = List.copyOf(packages);
  }

  /** The disk with all modules of the kernel, which only a built image has. */
  public Optional<Path> modules() {
    return Optional.of(directory.resolve(MODULES)).filter(Files::isRegularFile);
  }

  /**
   * The names of its kernel's modules, built-in ones and aliases included; empty if they are
   * unknown.
   */
  public Optional<Set<String>> moduleNames() throws ImageException {
    Path file = directory.resolve(MODULE_NAMES);
    try {
      return Files.exists(file)
          ? Optional.of(new TreeSet<>(Files.readAllLines(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new ImageException("cannot read " + file + ": " + ImageException.reason(e), e);
    }
  }

  /** Whether it has the built-in init of this version of topology, and with it the agent. */
  public boolean hasThisInit() {
    return init.equals(GuestInit.fingerprint());
  }

  /**
   * Whether its init is of another version of topology, with which this one cannot communicate;
   * false for a user's own image.
   */
  public boolean isOutdated() {
    return !init.isEmpty() && !hasThisInit();
  }

  /** The image in a directory; a value that {@code image.properties} does not have is empty. */
  static InstalledImage read(Path directory) throws ImageException {
    Properties properties = load(directory.resolve(PROPERTIES));
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

  /**
   * Writes {@code image.properties}, in a fixed order; {@link Properties#store} would add the time
   * of day.
   */
  void writeTo(Path directory) throws IOException {
    TreeMap<String, String> properties = new TreeMap<>();
    properties.put("name", name);
    properties.put("cmdline", cmdline);
    ready.ifPresent(pattern -> properties.put("ready", pattern));
    properties.put("kernel-version", kernelVersion);
    built.ifPresent(time -> properties.put("built", time.toString()));
    properties.put("init", init);
    properties.put("packages", String.join(" ", packages));
    List<String> lines =
        properties.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\"))
            .toList();
    Files.write(directory.resolve(PROPERTIES), lines);
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
          directory.resolve(PROPERTIES)
              + ": \"built\" is not a time like 2026-11-22T10:00:00Z: "
              + text,
          e);
    }
  }
}
