package dev.topology.posix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A program that could not be started. The message names it and says why. */
public final class SpawnException extends SystemCallException {
  private static final long serialVersionUID = 1L;

  private static final int ENOENT = 2;

  private final String program;

  private SpawnException(Path program, String attempt, int errno) {
    super(attempt, errno);
    this.program = program.toString();
  }

  /** The failure to start {@code program} in {@code directory}, if one was asked for. */
  static SpawnException of(Path program, Optional<Path> directory, int errno) {
    String attempt = "cannot start " + program + directory.map(path -> " in " + path).orElse("");
    boolean present = errno == ENOENT && Files.exists(program);
    boolean inPlace = directory.map(Files::isDirectory).orElse(true);
    // The kernel says "no such file" for a missing interpreter, too.
    return new SpawnException(
        program, present && inPlace ? attempt + ", or what is to run it" : attempt, errno);
  }

  /** The absolute path of the program. */
  public Path program() {
    return Path.of(program);
  }
}
