package dev.topology.host;

import dev.topology.model.Architecture;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the QEMU that runs guests of an architecture: the one that a variable names, else the first
 * of its name on the {@code PATH}. The variable is {@code TOPOLOGY_QEMU} for guests of the host's
 * own architecture, and for others has their name at its end: {@code TOPOLOGY_QEMU_ARM64}.
 */
final class QemuLocator {

  private static final String VARIABLE = "TOPOLOGY_QEMU";

  private final Map<String, String> environment;
  private final Architecture architecture;
  private final String variable;

  QemuLocator(Map<String, String> environment, Architecture ofHost, Architecture ofGuests) {
    this.environment = Map.copyOf(environment);
    this.architecture = ofGuests;
    this.variable = ofGuests == ofHost ? VARIABLE : VARIABLE + "_" + ofGuests.name();
  }

  /** That of the guests. */
  Architecture architecture() {
    return architecture;
  }

  /** What QEMU for such guests is called, everywhere. */
  static String program(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> "qemu-system-x86_64";
      case ARM64 -> "qemu-system-aarch64";
    };
  }

  /** In several lines. */
  String howToInstall() {
    return switch (architecture) {
      case AMD64 -> howToInstall("qemu-system-x86", "qemu-system-x86-core", "qemu-system-x86");
      case ARM64 ->
          howToInstall("qemu-system-arm", "qemu-system-aarch64-core", "qemu-system-aarch64");
    };
  }

  private String howToInstall(String debian, String fedora, String arch) {
    String program = program(architecture);
    return """
        install QEMU for %s guests:
          Debian, Ubuntu   apt-get install %s
          Fedora           dnf install %s
          Alpine           apk add %s
          Arch             pacman -S %s
          macOS            brew install qemu
        or say where it is: %s=/path/to/%s"""
        .formatted(architecture, debian, fedora, program, arch, variable, program);
  }

  /**
   * An absolute path to a file that may be executed.
   *
   * @throws UnfitHostException if there is none
   */
  Path locate() throws UnfitHostException {
    String named = environment.getOrDefault(variable, "");
    return named.isEmpty() ? onPath() : executable(path(named));
  }

  private Path executable(Path path) throws UnfitHostException {
    if (!Files.exists(path)) {
      throw unusable(path, "no such file");
    }
    if (!isProgram(path)) {
      throw unusable(path, "not a file that may be executed");
    }
    return path.toAbsolutePath().normalize();
  }

  private Path onPath() throws UnfitHostException {
    String program = program(architecture);
    String searched = environment.getOrDefault("PATH", "");
    return Stream.of(searched.split(File.pathSeparator))
        // An empty entry means the current directory (environ(7)): not a place to run things from.
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(QemuLocator::isProgram)
        .findFirst()
        .map(Path::toAbsolutePath)
        .orElseThrow(
            () ->
                new UnfitHostException(
                    "there is no " + program + " on the PATH (" + searched + ")", howToInstall()));
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  private Path path(String text) throws UnfitHostException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UnfitHostException(
          variable + " is not a path: " + e.getMessage(), howToInstall(), e);
    }
  }

  private UnfitHostException unusable(Path path, String why) {
    return new UnfitHostException(
        "cannot use " + path + " (from " + variable + ") as QEMU: " + why, howToInstall());
  }
}
