package dev.topology.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The disk of a Debian that boots by its own boot loader and has cloud-init and ssh: a cloud image,
 * made here because tests fetch nothing but Debian's packages. A test that needs it is skipped
 * where it cannot be made.
 */
public final class DebianDisk {

  private static final Path FILE = TestHost.cache().resolve("disks/debian.qcow2");

  private DebianDisk() {}

  /** Made once, by what the example of such a disk tells to run; that takes a minute or two. */
  public static synchronized Path file() throws IOException, InterruptedException {
    if (!Files.exists(FILE)) {
      Files.createDirectories(FILE.getParent());
      program("topologies/files/debian-disk", FILE.toString());
    }
    return FILE;
  }

  /** A new key for ssh, without a password; the public one has {@code .pub} after its name. */
  public static Path newKey(Path directory) throws IOException, InterruptedException {
    Path key = directory.resolve("key");
    program("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    return key;
  }

  /** What a script printed that ran in the guest; empty also if it could not be run. */
  public static String ssh(Path key, int hostPort, String script)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "ssh",
                "-i",
                key.toString(),
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-p",
                String.valueOf(hostPort),
                "debian@127.0.0.1",
                script)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  private static void program(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Unavailable.because("needs " + command[0]);
      return;
    }
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      Unavailable.because(String.join(" ", command) + ": " + said);
    }
  }
}
