package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.TestHost;
import dev.topology.testing.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks of nodes, where the host has no room for what their guests write. */
class FullDiskTest {

  private static final long PATIENCE_SECONDS = 600;

  @TempDir private Path directory;
  private ProgramRuns programs;
  private Path small;

  @BeforeEach
  void makePlaces() throws Exception {
    programs = new ProgramRuns(directory);
    small = Files.createDirectory(directory.resolve("small"));
    Files.write(directory.resolve("base.raw"), new byte[32 << 20]);
  }

  @AfterEach
  void endAll() {
    programs.killAll();
  }

  @Test
  void guestsSeeAnErrorOfTheirDiskAndGoOn() throws Exception {
    String yaml =
        """
        name: %s
        nodes:
          writer:
            disks: [{size: 32MiB, name: empty}, {file: base.raw, name: overlay}]
            command: |
              for name in empty overlay; do
                tr '\\0' x </dev/zero | dd of=/dev/disk/by-id/virtio-$name bs=64k count=256 conv=fsync && exit 3
                dd if=/dev/disk/by-id/virtio-$name of=/dev/null bs=64k count=1 || exit 4
              done
              echo both were full
        """;

    assertThat(ends(yaml, "4m")).isZero();
    assertThat(programs.output()).contains("both were full", "Input/output error");
  }

  @Test
  void saysThatAFileSystemFindsNoRoom() throws Exception {
    TestHost.requireMke2fs();
    String yaml = "name: %s\nnodes: {writer: {disks: [{size: 64MiB, name: new, mount: /new}]}}\n";

    assertThat(ends(yaml, "64k")).isNotZero();
    assertThat(programs.output())
        .contains("cannot make what disk \"new\" of node \"writer\" writes to, in " + small)
        .contains("mke2fs ended with exit status", "No space left on device")
        .contains("name another directory with TMPDIR");
  }

  /** How a run ends whose guests' writes go to a place of that size. */
  private int ends(String yaml, String size) throws Exception {
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml.formatted(programs.name()));
    String mount =
        "mount -t tmpfs -o size=%s,mode=0700 small %s && exec \"$@\"".formatted(size, small);
    List<String> command =
        List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh");
    if (new ProcessBuilder(Stream.concat(command.stream(), Stream.of("true")).toList())
            .start()
            .waitFor()
        != 0) {
      Unavailable.because("this user cannot mount a file system");
    }
    programs.with("TMPDIR", small.toString()).under(command.toArray(String[]::new));
    Process up = programs.topology("up", file.toString());
    assertThat(ProgramRuns.ends(up, PATIENCE_SECONDS)).isTrue();
    return up.exitValue();
  }
}
