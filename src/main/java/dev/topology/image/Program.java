package dev.topology.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the distribution's programs and collects what they say in files of a scratch directory.
 *
 * <p>A program is ended when the thread that waits for it is interrupted.
 */
final class Program {

  private final Path scratch;

  Program(Path scratch) {
    this.scratch = scratch;
  }

  /** What a program left behind. */
  record Outcome(int status, String output, String errors) {}

  /** Called now and then while a program runs. */
  interface Watcher {
    void look() throws IOException;
  }

  /** Starts a program with its messages in English and its errors in {@link #errorFile}. */
  Process start(List<String> command, ProcessBuilder.Redirect output)
      throws IOException, ImageException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output)
            .redirectError(errorFile().toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    try {
      return builder.start();
    } catch (IOException e) {
      throw missing(command.get(0), e);
    }
  }

  /** Runs a program to its end, and lets a watcher look about twenty times a second. */
  Outcome run(List<String> command, Watcher watcher)
      throws IOException, ImageException, InterruptedException {
    Path output = scratch.resolve("output");
    Process process = start(command, ProcessBuilder.Redirect.to(output.toFile()));
    try {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        watcher.look();
      }
      watcher.look();
      return new Outcome(process.exitValue(), Files.readString(output), errors());
    } finally {
      process.destroyForcibly();
    }
  }

  private static ImageException missing(String program, IOException cause) {
    String remedy =
        program.equals("zstd")
            ? "Install the package zstd"
            : "Images are built on Debian and Ubuntu only; elsewhere give each node a \"kernel\" and an"
                + " \"initramfs\", or an \"image\" directory that holds both";
    return new ImageException(
        "cannot run "
            + program
            + ", which building a guest image needs: "
            + cause.getMessage()
            + ". "
            + remedy,
        cause);
  }

  /** What the last program had to complain about. */
  String errors() throws IOException {
    return Files.readString(errorFile()).strip();
  }

  private Path errorFile() {
    return scratch.resolve("errors");
  }
}
