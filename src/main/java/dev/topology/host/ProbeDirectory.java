package dev.topology.host;

import dev.topology.posix.TemporaryPlace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new directory among the temporary files, deleted when closed. */
final class ProbeDirectory implements AutoCloseable {

  private final Path path;

  private ProbeDirectory(Path path) {
    this.path = path;
  }

  static ProbeDirectory create() throws IOException {
    return new ProbeDirectory(TemporaryPlace.newDirectory("topology-probe-"));
  }

  Path path() {
    return path;
  }

  /** Where a file of that name lies, or would lie. */
  Path file(String name) {
    return path.resolve(name);
  }

  /** Deletes the directory and the files in it. Expects no directories inside. */
  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(path);
  }
}
