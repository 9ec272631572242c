package dev.topology.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the distribution's programs. What they write goes to files of a scratch directory.
 *
 * <p>A program is ended when the thread that waits for it is interrupted, and by the kernel when
 * that thread ends in any other way, as with a JVM that is killed. It is in a session of its own,
 * so that Ctrl-C at the terminal reaches only this process, which then ends the program.
 */
public final class HostProgram {

  /** Programs of util-linux, an essential package. --pdeathsig: PR_SET_PDEATHSIG in prctl(2). */
  private static final List<String> GUARDED =
      List.of("/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/setsid");

  private final Path scratch;

  public HostProgram(Path scratch) {
    this.scratch = scratch;
  }

  /** How a program ended, and what it wrote. */
  record Outcome(int status, String output, String errors) {}

  /** Called now and then while a program runs. */
  interface Watcher {
    void poll() throws IOException;
  }

  /** Starts a program with its messages in English and its errors in {@link #errorFile}. */
  public Process start(List<String> command, ProcessBuilder.Redirect output)
      throws IOException, ImageException {
    ProcessBuilder builder =
        new ProcessBuilder(guarded(command))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output)
            .redirectError(errorFile().toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    return builder.start();
  }

  private static List<String> guarded(List<String> command) throws ImageException {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    Path program =
        Arrays.stream(path.split(":", -1))
            .map(directory -> Path.of(directory, command.get(0)))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> missing(command.get(0)));
    List<String> guarded = new ArrayList<>();
    if (Files.isExecutable(Path.of(GUARDED.get(0)))
        && Files.isExecutable(Path.of(GUARDED.get(3)))) {
      guarded.addAll(GUARDED);
    }
    guarded.add(program.toString());
    guarded.addAll(command.subList(1, command.size()));
    return guarded;
  }

  /** Runs a program to its end, and polls a watcher about twenty times a second. */
  Outcome run(List<String> command, Watcher watcher)
      throws IOException, ImageException, InterruptedException {
    Path output = scratch.resolve("output");
    Process process = start(command, ProcessBuilder.Redirect.to(output.toFile()));
    try {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        watcher.poll();
      }
      watcher.poll();
      return new Outcome(process.exitValue(), Files.readString(output), errors());
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Unpacks Zstandard with the {@code zstd} program: Java has none, and only Ubuntu's kernels need
   * it.
   */
  void unpackZstd(Path from, Path to) throws IOException, ImageException, InterruptedException {
    Process process =
        start(List.of("zstd", "-dcq", from.toString()), ProcessBuilder.Redirect.to(to.toFile()));
    try {
      if (process.waitFor() != 0) {
        throw new IOException("zstd cannot unpack a part of the kernel: " + errors());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static ImageException missing(String program) {
    String remedy =
        program.equals("zstd")
            ? "Install it: apt-get install zstd"
            : "Images are built on Debian and Ubuntu only; elsewhere give each node a \"kernel\" and an"
                + " \"initramfs\", or an \"image\" directory that holds both";
    return new ImageException(
        "cannot run "
            + program
            + ", which building a guest image needs: there is no such program on the PATH. "
            + remedy);
  }

  /** What the last program wrote to standard error. */
  public String errors() throws IOException {
    return Files.readString(errorFile()).strip();
  }

  private Path errorFile() {
    return scratch.resolve("errors");
  }
}
