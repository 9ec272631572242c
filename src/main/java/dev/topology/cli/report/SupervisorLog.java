package dev.topology.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.run.RunDirectory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The output of a supervisor without a terminal, to be repeated here. Not thread-safe. */
public final class SupervisorLog {

  /** More than that is not repeated; it is in the file. */
  private static final int MOST = 256 * 1024;

  private final Path file;
  private final long start;
  private long told;

  private SupervisorLog(Path file, long start) {
    this.file = file;
    this.start = start;
    this.told = start;
  }

  /** The log of a supervisor about to start; what is in the file already is skipped. */
  public static SupervisorLog at(Path file) throws IOException {
    return new SupervisorLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  public Path file() {
    return file;
  }

  /** What was said since the last time, if something was. */
  public Optional<String> news() throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.min(MOST, Math.max(0, log.length() - told))];
      log.seek(told);
      log.readFully(bytes);
      told += bytes.length;
      String text = new String(bytes, UTF_8).stripTrailing();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (FileNotFoundException removedWithAllElse) {
      return Optional.empty();
    }
  }

  /** Whether nothing was said until now, as where the file cannot be written. */
  public boolean isSilent() {
    return told == start;
  }

  /** Removes the log and its directory if no run ever held that. */
  public void removeUnlessKept() throws IOException {
    Path directory = file.resolveSibling("");
    if (Files.notExists(RunDirectory.lockFile(directory))) {
      try {
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        // Another run has begun there.
      }
    }
  }
}
