package dev.topology.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Block devices whose content is in files. Only root can have them, and not on every host: then the
 * files themselves stand for them, and a test runs all the same.
 */
public final class LoopDevices implements AutoCloseable {

  private final List<Path> made = new ArrayList<>();

  /** A device with the content of a file, or where there is none the file itself. */
  public Path of(Path file) throws IOException {
    String device = said("losetup", "--find", "--show", file.toString());
    if (!device.startsWith("/dev/")) {
      return file;
    }
    made.add(Path.of(device));
    return Path.of(device);
  }

  /** Whether a path is one of these devices. */
  public boolean isDevice(Path path) {
    return made.contains(path);
  }

  /** What a program prints; nothing where it fails or is not there. */
  public static String said(String... command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException isNotThere) {
      return "";
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.onExit().join().exitValue() == 0 ? said.strip() : "";
  }

  @Override
  public void close() throws IOException {
    for (Path device : made) {
      said("losetup", "--detach", device.toString());
    }
  }
}
