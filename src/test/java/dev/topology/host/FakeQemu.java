package dev.topology.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A shell script in the place of QEMU, for the ways a QEMU can fail that ours does not. */
final class FakeQemu {

  private final Path program;
  private final Path log;

  private FakeQemu(Path program, Path log) {
    this.program = program;
    this.log = log;
  }

  /** Notes its process id and arguments, then does what the body says. */
  static FakeQemu in(Path directory, String body) throws IOException {
    Path program = directory.resolve("qemu-system-x86_64");
    Path log = directory.resolve("runs");
    Files.createFile(log);
    Files.writeString(program, "#!/bin/sh\necho \"$$ $*\" >> '" + log + "'\n" + body + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new FakeQemu(program, log);
  }

  Path program() {
    return program;
  }

  /** Its runs so far: process id and arguments. */
  List<String> runs() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a process of one of its runs is still there. */
  boolean isRunning() {
    return runs().stream()
        .map(run -> Long.parseLong(run.split(" ", 2)[0]))
        .anyMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }
}
