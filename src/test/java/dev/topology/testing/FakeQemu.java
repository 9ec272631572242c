package dev.topology.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A shell script in the place of QEMU, for the ways a QEMU can fail that ours does not. */
public final class FakeQemu {

  private final Path program;
  private final Path log;

  private FakeQemu(Path program, Path log) {
    this.program = program;
    this.log = log;
  }

  /** Passes every examination of the host, and does that when it is to run a guest. */
  public static FakeQemu thatPasses(Path directory, String does) throws IOException {
    return in(
        directory,
        """
        case $* in
        *version*) echo 'QEMU emulator version 9.2.0' ;;
        *help*) echo 'microvm-machine options:' ;;
        *topology-probe*|*isa-debug-exit*) exit 1 ;;
        *) %s ;;
        esac
        """
            .formatted(does));
  }

  /** What passes for the built-in image with such a QEMU. */
  public static void imageIn(Path images) throws IOException {
    Path image = Files.createDirectories(images.resolve("default"));
    Files.writeString(image.resolve("kernel"), "");
    Files.writeString(image.resolve("initramfs"), "");
  }

  /** Notes its process id and arguments, then does what the body says. */
  public static FakeQemu in(Path directory, String body) throws IOException {
    Path program = directory.resolve("qemu-system-x86_64");
    Path log = directory.resolve("runs");
    Files.writeString(log, "");
    Files.writeString(program, "#!/bin/sh\necho \"$$ $*\" >> '" + log + "'\n" + body + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new FakeQemu(program, log);
  }

  public Path program() {
    return program;
  }

  /** Its runs so far: process id and arguments. */
  public List<String> runs() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a process of one of its runs is still there. */
  public boolean isRunning() {
    return runs().stream()
        .map(run -> Long.parseLong(run.split(" ", 2)[0]))
        .anyMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }
}
