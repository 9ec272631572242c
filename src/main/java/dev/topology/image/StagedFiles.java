package dev.topology.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the content of unpacked files in a scratch directory, under numbers, until an archive is
 * written from them.
 */
final class StagedFiles {

  private final Path directory;
  private int count;

  StagedFiles(Path directory) throws IOException {
    this.directory = Files.createDirectory(directory);
  }

  /** Keeps a file's content, which is read to its end. */
  Path keep(InputStream content) throws IOException {
    Path file = directory.resolve(Integer.toString(count++));
    Files.copy(content, file);
    return file;
  }
}
