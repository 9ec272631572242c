package dev.topology.junit;

import dev.topology.junit.Scratch.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * Finds the files that tests name, on disk or on the class path. What is in a jar is unpacked once,
 * into a temporary directory that is removed when this is closed. Thread-safe.
 */
final class TopologyFiles implements AutoCloseable {

  private static final String CLASS_PATH = "classpath:";

  private final Map<URI, Path> unpacked = new HashMap<>();

  /**
   * The file of that name.
   *
   * @param name as {@link WithTopology#value} describes
   * @param loader whose resources to look through
   * @throws ExtensionConfigurationException if there is none
   */
  Path find(String name, ClassLoader loader) {
    Path file = path(name);
    boolean anywhere = !name.startsWith(CLASS_PATH);
    if (anywhere && Files.exists(file)) {
      return file;
    }
    return resource(anywhere ? name : name.substring(CLASS_PATH.length()), loader)
        .orElseThrow(() -> missing(name, anywhere));
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ExtensionConfigurationException(
          "the name of topology file \""
              + name
              + "\" cannot be a path: "
              + e.getReason()
              + ". With LC_ALL=C.UTF-8 in the environment of the tests, it may hold any character",
          e);
    }
  }

  private static ExtensionConfigurationException missing(String name, boolean anywhere) {
    return new ExtensionConfigurationException(
        "there is no topology file \""
            + name
            + "\": "
            + (anywhere ? "neither " + Path.of(name).toAbsolutePath() + " nor a" : "no")
            + " resource of that name on the class path");
  }

  private Optional<Path> resource(String name, ClassLoader loader) {
    String absolute = name.startsWith("/") ? name.substring(1) : name;
    return Optional.ofNullable(loader.getResource(absolute)).map(this::onDisk);
  }

  private Path onDisk(URL resource) {
    try {
      return resource.getProtocol().equals("file")
          ? Path.of(resource.toURI())
          : unpacked(resource.toURI());
    } catch (URISyntaxException | IOException e) {
      throw new ExtensionConfigurationException("cannot read " + resource, e);
    }
  }

  private synchronized Path unpacked(URI resource) throws IOException {
    Path known = unpacked.get(resource);
    if (known != null) {
      return known;
    }
    Path directory = new Scratch().directory("resource");
    try (FileSystem jar = FileSystems.newFileSystem(resource, Map.of())) {
      Path file = jar.provider().getPath(resource);
      Path unpackedFile = directory.resolve(file.getFileName().toString());
      Path parent = file.getParent();
      if (parent == null || parent.getNameCount() == 0) {
        Files.copy(file, unpackedFile);
      } else {
        Directories.copy(parent, directory);
      }
      unpacked.put(resource, unpackedFile);
      return unpackedFile;
    }
  }

  @Override
  public synchronized void close() {
    unpacked.values().forEach(TopologyFiles::deleteDirectoryOf);
    unpacked.clear();
  }

  private static void deleteDirectoryOf(Path file) {
    Path directory = file.getParent();
    if (directory == null) {
      throw new UncheckedIOException(new IOException(file + " is in no directory"));
    }
    Directories.delete(directory);
  }
}
