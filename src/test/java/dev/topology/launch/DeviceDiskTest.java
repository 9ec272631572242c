package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.topology.disk.DiskFile;
import dev.topology.disk.DiskFileException;
import dev.topology.model.Disk.Mode;
import dev.topology.model.Disk.Source.OfFile;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.testing.LoopDevices;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Block devices of the host as disks of nodes. */
class DeviceDiskTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  @TempDir private Path directory;

  @Test
  void areReadWrittenAndLeftAloneAsFilesAre() throws Exception {
    TestHost.requireMke2fs();
    Path kept = fileSystem("kept.raw");
    Path shared = fileSystem("shared.raw");
    byte[] before = Files.readAllBytes(shared);
    try (LoopDevices devices = new LoopDevices()) {
      Path written = devices.of(kept);
      Path read = devices.of(shared);
      String yaml =
          """
          nodes:
            a: {disks: [{file: %1$s, mode: write, mount: /kept}, {file: %2$s, mount: /data}]}
            b: {disks: [{file: %2$s, mount: /data, size: 1GiB}, {file: %2$s, mode: read, mount: /only}]}
          """
              .formatted(written, read);
      try (Launch launch = RealLaunch.of(yaml, directory)) {
        RunningTopology topology = launch.topology();
        topology.awaitReady(LIMIT);
        RunningNode a = topology.node("a");
        RunningNode b = topology.node("b");

        assertThat(
                run(
                    a,
                    "cat /sys/block/vd?/size; cat /kept/hello; echo new >/kept/x; echo a >/data/x; sync"))
            .startsWith("32768\n32768\n")
            .endsWith("hello");
        assertThat(run(b, "cat /data/hello /only/hello; ls /data/x; echo b >/data/hello; sync"))
            .startsWith("hello\nhello")
            .contains("No such file");
        assertThat(run(b, "cat /sys/block/vda/size; echo x >/dev/vdb"))
            .startsWith("2097152\n")
            .contains("Operation not permitted");
        a.restart();
        a.awaitReady();
        assertThat(run(a, "cat /kept/x /data/x")).isEqualTo("new\na");
        refusesASecondWriter(written);
      }
      if (devices.isDevice(written)) {
        saysWhereOneIsMounted(written);
      }
    }
    assertThat(LoopDevices.said("debugfs", "-R", "cat /x", kept.toString())).isEqualTo("new");
    assertThat(Files.readAllBytes(shared)).isEqualTo(before);
  }

  private void refusesASecondWriter(Path device) throws Exception {
    String yaml = "name: second\nnodes: {c: {disks: [{file: %s, mode: write}]}}".formatted(device);
    try (Launch second = RealLaunch.of(yaml, directory)) {
      TopologyOutcome outcome = second.topology().over().get(LIMIT.toMinutes(), TimeUnit.MINUTES);
      assertThat(((TopologyOutcome.Failed) outcome).report().cause().describe())
          .contains("another program uses the file of its disk, " + device);
    }
  }

  private void saysWhereOneIsMounted(Path device) throws Exception {
    Path place = Files.createDirectory(directory.resolve("mounted here")).toRealPath();
    LoopDevices.said("mount", "-o", "ro", device.toString(), place.toString());
    try {
      assertThat(DiskFile.read(source(device, Mode.OVERLAY)).isDevice()).isTrue();
      assertThatExceptionOfType(DiskFileException.class)
          .isThrownBy(() -> DiskFile.read(source(device, Mode.WRITE)))
          .satisfies(it -> assertThat(it.why()).isEqualTo("is mounted at " + place));
    } finally {
      LoopDevices.said("umount", place.toString());
    }
  }

  private static OfFile source(Path path, Mode mode) {
    return new OfFile(path, mode, Optional.empty(), false, Optional.empty());
  }

  /** A file system of 16 MiB with a file in it. */
  private Path fileSystem(String name) throws Exception {
    Path content = Files.createDirectories(directory.resolve("content"));
    Files.writeString(content.resolve("hello"), "hello\n");
    Path file = directory.resolve(name);
    LoopDevices.said(
        "mke2fs", "-q", "-t", "ext4", "-d", content.toString(), file.toString(), "16M");
    return file;
  }

  private static String run(RunningNode node, String script) throws Exception {
    return node.shell().run("exec 2>&1; " + script).output().strip();
  }
}
