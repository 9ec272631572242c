package dev.topology.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The file that takes every byte a node prints, as it is.
 *
 * <p>Each chunk is written when it arrives, unbuffered: a chunk is as much as one read from the
 * console gave, so there are no more writes than reads, and nothing is lost if this process is
 * killed. When writing fails, most likely on a full disk, that is told once, the file is closed as
 * it is, and the guest runs on. Used by one thread at a time.
 */
public final class RawLog implements AutoCloseable {

  private final String node;
  private final Path file;
  private final Consumer<Problem> problems;
  private @Nullable OutputStream out;

  private RawLog(String node, Path file, OutputStream out, Consumer<Problem> problems) {
    this.node = node;
    this.file = file;
    this.out = out;
    this.problems = problems;
  }

  /**
   * Creates the file, or empties it if it exists.
   *
   * @param problems is told, at most once, if the file cannot be written on; by the writing thread
   * @throws IOException when the file cannot be created
   */
  public static RawLog open(String node, Path file, Consumer<Problem> problems) throws IOException {
    return new RawLog(node, file, Files.newOutputStream(file), problems);
  }

  /**
   * Writes on at the end of the file, or creates it.
   *
   * @param problems see {@link #open}
   * @throws IOException when the file cannot be written
   */
  public static RawLog append(String node, Path file, Consumer<Problem> problems)
      throws IOException {
    OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return new RawLog(node, file, out, problems);
  }

  void write(byte[] bytes, int from, int count) {
    if (out == null) {
      return;
    }
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private void giveUp(IOException failure) {
    close();
    String what =
        "cannot write on " + file + ", the console log of " + node + ": " + reason(failure);
    String remedy =
        "The log ends there; everything else goes on. Free some space, or give the logs another"
            + " place.";
    problems.accept(new Problem(node, what, remedy, failure));
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** Closes the file. Idempotent. */
  @Override
  public void close() {
    OutputStream closing = out;
    out = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  /** Where the bytes go. */
  public Path file() {
    return file;
  }

  /**
   * Something that went wrong beside a console while its output went on being drained, told once.
   *
   * @param node whose console
   * @param what what was tried, on what, and why it failed; a sentence without its full stop
   * @param remedy what the user can do
   * @param cause the failure itself
   */
  public record Problem(String node, String what, String remedy, Exception cause) {}
}
