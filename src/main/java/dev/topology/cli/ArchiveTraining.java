package dev.topology.cli;

import dev.topology.launch.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Runs what common commands run, so that their classes go into the class-data archive that the
 * launcher script makes.
 *
 * <p>In place of QEMU stands a script that can say its version and little else. So no guest is
 * booted beside the user's own first command, and nothing is found out about this host at a moment
 * when it is busy.
 */
final class ArchiveTraining {

  private static final String STAND_IN =
      """
      #!/bin/sh
      case $* in
      *version*) echo 'QEMU emulator version 9.2.0' ;;
      *help*) echo 'microvm-machine options:' ;;
      *) exit 1 ;;
      esac
      """;

  /** Enough of a bzImage to pass for one; Documentation/arch/x86/boot.rst. */
  private static final String KERNEL = "\0".repeat(0x202) + "HdrS";

  /** An archive with nothing in it; Documentation/driver-api/early-userspace/buffer-format.rst. */
  private static final String INITRAMFS =
      "070701" + "0".repeat(88) + "0000000B" + "0".repeat(8) + "TRAILER!!!" + "\0".repeat(4);

  private final Path stage;

  private ArchiveTraining(Path stage) {
    this.stage = stage;
  }

  /** Trains in a directory of its own and ends the JVM, which then writes the archive. */
  public static void main(String[] arguments) throws IOException {
    Path stage = Files.createTempDirectory("topology-training-");
    try {
      ArchiveTraining training = new ArchiveTraining(stage);
      training.setUp();
      training.run();
    } finally {
      remove(stage);
    }
    System.exit(ExitCode.DONE.status());
  }

  private void setUp() throws IOException {
    try (InputStream yaml = ArchiveTraining.class.getResourceAsStream("training.yaml")) {
      Files.copy(Objects.requireNonNull(yaml), stage.resolve("training.yaml"));
    }
    Files.writeString(stage.resolve("mistaken.yaml"), "nodes: {a: {memroy: 1}}");
    Path qemu = Files.writeString(stage.resolve("qemu-system-x86_64"), STAND_IN);
    Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
    Path image = Files.createDirectories(stage.resolve("topology/images/default"));
    for (Path directory : new Path[] {stage, image}) {
      Files.writeString(directory.resolve("kernel"), KERNEL);
      Files.writeString(directory.resolve("initramfs"), INITRAMFS);
    }
  }

  private void run() {
    Program program = Main.program(surroundings());
    program.run("validate", stage.resolve("mistaken.yaml").toString());
    String file = stage.resolve("training.yaml").toString();
    program.run("validate", file);
    // The second time, what was found out about the host is remembered, as it usually is.
    program.run("plan", file);
    program.run("plan", file);
    program.run("up", "--color=always", file);
    program.run("plan", "--format=json", file);
    program.run("ps");
    program.run("image", "list");
  }

  private Surroundings surroundings() {
    Surroundings real = Surroundings.ofProcess();
    Map<String, String> environment = new HashMap<>(real.environment());
    environment.remove("TOPOLOGY_QEMU");
    environment.merge("PATH", stage.toString(), (path, ours) -> ours + ":" + path);
    environment.put("XDG_CACHE_HOME", stage.toString());
    environment.put("XDG_RUNTIME_DIR", stage.toString());
    return Surroundings.of(environment, real.directory());
  }

  private static void remove(Path stage) throws IOException {
    try (Stream<Path> files = Files.walk(stage)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
