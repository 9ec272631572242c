package dev.topology.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the QEMU to run: the one that was asked for, else the one that {@code TOPOLOGY_QEMU} names,
 * else the first {@code qemu-system-x86_64} on the {@code PATH}.
 */
final class QemuLocator {

  static final String VARIABLE = "TOPOLOGY_QEMU";

  private static final String PROGRAM = "qemu-system-x86_64";

  static final String HOW_TO_INSTALL =
      """
      install QEMU for x86-64 guests:
        Debian, Ubuntu   apt-get install qemu-system-x86
        Fedora           dnf install qemu-system-x86-core
        Alpine           apk add qemu-system-x86_64
        Arch             pacman -S qemu-system-x86
        macOS            brew install qemu
      or say where it is: TOPOLOGY_QEMU=/path/to/qemu-system-x86_64""";

  private final Map<String, String> environment;

  QemuLocator(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * An absolute path to a file that may be executed.
   *
   * @throws UnfitHostException if there is none
   */
  Path locate() throws UnfitHostException {
    String named = environment.getOrDefault(VARIABLE, "");
    return named.isEmpty() ? onPath() : executable(path(named));
  }

  private static Path executable(Path path) throws UnfitHostException {
    if (!Files.exists(path)) {
      throw unusable(path, "no such file");
    }
    if (!isProgram(path)) {
      throw unusable(path, "not a file that may be executed");
    }
    return path.toAbsolutePath().normalize();
  }

  private Path onPath() throws UnfitHostException {
    String searched = environment.getOrDefault("PATH", "");
    return Stream.of(searched.split(File.pathSeparator))
        // An empty entry means the current directory (environ(7)): not a place to run things from.
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, PROGRAM))
        .filter(QemuLocator::isProgram)
        .findFirst()
        .map(Path::toAbsolutePath)
        .orElseThrow(
            () ->
                new UnfitHostException(
                    "there is no " + PROGRAM + " on the PATH (" + searched + ")", HOW_TO_INSTALL));
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  private static Path path(String text) throws UnfitHostException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UnfitHostException(
          VARIABLE + " is not a path: " + e.getMessage(), HOW_TO_INSTALL, e);
    }
  }

  private static UnfitHostException unusable(Path path, String why) {
    return new UnfitHostException(
        "cannot use " + path + " (from " + VARIABLE + ") as QEMU: " + why, HOW_TO_INSTALL);
  }
}
