package dev.topology.host;

import dev.topology.posix.TemporaryPlace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory of one's own in the system's place for temporary files, gone when closed. */
final class Scratch implements AutoCloseable {

  private final Path directory;

  private Scratch(Path directory) {
    this.directory = directory;
  }

  static Scratch create() throws IOException {
    return new Scratch(TemporaryPlace.newDirectory("topology-probe-"));
  }

  Path directory() {
    return directory;
  }

  /** Where a file of that name lies, or would lie. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** Deletes the directory and the files in it. Expects no directories inside. */
  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }
}
