package dev.topology.examples;

import dev.topology.testing.TestHost;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A container image as the FRR project publishes it, made of Debian's packages, because tests fetch
 * nothing from public registries. It is made once, by mmdebstrap and umoci.
 */
final class FrrImage {

  private static final Path LAYOUT = TestHost.cache().resolve("frr-layout");

  private FrrImage() {}

  /** The image, in an OCI layout. */
  static Path layout() throws IOException, InterruptedException {
    if (!Files.isDirectory(LAYOUT)) {
      for (String tool : List.of("mmdebstrap", "umoci")) {
        if (!Files.isExecutable(Path.of("/usr/bin", tool))) {
          Unavailable.because("makes a container image: apt-get install " + tool);
        }
      }
      Files.createDirectories(TestHost.cache());
      Path work = Files.createTempDirectory(TestHost.cache(), "frr-");
      make(work);
      Files.move(work.resolve("layout"), LAYOUT, StandardCopyOption.ATOMIC_MOVE);
      for (String rest : List.of("root.tar", "log", ".")) {
        Files.deleteIfExists(work.resolve(rest).normalize());
      }
    }
    return LAYOUT;
  }

  private static void make(Path work) throws IOException, InterruptedException {
    run(
        work,
        "mmdebstrap",
        "--quiet",
        "--variant=essential",
        "--include=frr",
        "--dpkgopt=force-unsafe-io",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "bookworm",
        "root.tar");
    run(work, "umoci", "init", "--layout", "layout");
    run(work, "umoci", "new", "--image", "layout:10");
    run(work, "umoci", "raw", "add-layer", "--image", "layout:10", "root.tar");
    run(work, "umoci", "gc", "--layout", "layout");
  }

  private static void run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
    }
  }
}
