package dev.topology.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
      throw new ImageException(
          "cannot run "
              + command.get(0)
              + ", which building a guest image needs: "
              + e.getMessage()
              + ". Images are built on Debian and Ubuntu only; elsewhere give each node a \"kernel\""
              + " and an \"initramfs\", or an \"image\" directory that holds both",
          e);
    }
  }

  /** Runs a program to its end, and lets a watcher look about twenty times a second. */
  Outcome run(List<String> command, Watcher watcher)
      throws IOException, ImageException, InterruptedException {
    Path output = scratch.resolve("output");
    Process process = start(command, ProcessBuilder.Redirect.to(output.toFile()));
    try {
      while (!process.waitFor(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
        watcher.look();
      }
      watcher.look();
      return new Outcome(process.exitValue(), Files.readString(output), errors());
    } finally {
      process.destroyForcibly();
    }
  }

  /** What the last program had to complain about. */
  String errors() throws IOException {
    return Files.readString(errorFile()).strip();
  }

  private Path errorFile() {
    return scratch.resolve("errors");
  }
}
